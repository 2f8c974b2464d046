package dev.servicepool.load;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Load tracker that adds a penalty for failures to the requests in flight. Each response
 * halves the penalty, and each comparison of load scores reduces the penalty by one, so
 * that the tracker needs no clock.
 */
final class PendingRequestsTracker implements LoadTracker {

	/** The penalty for a failure, in requests in flight. */
	static final int PENALTY = 100;

	/** The remaining penalty. Written and read by any thread. */
	private final AtomicInteger penalty = new AtomicInteger();

	@Override
	public void started(long now) {
	}

	@Override
	public void completed(long startedAt, long now, Outcome outcome) {
		if (outcome == Outcome.FAILED) {
			failedAfterResponse(now);
		}
		else if (outcome == Outcome.RESPONDED && this.penalty.get() > 0) {
			this.penalty.getAndUpdate((penalty) -> penalty / 2);
		}
	}

	@Override
	public void failedAfterResponse(long now) {
		this.penalty.set(PENALTY);
	}

	@Override
	public void readmitted(long now) {
		this.penalty.set(0);
	}

	@Override
	public double compare(long now, int pending) {
		int penalty = this.penalty.get();
		if (penalty > 0) {
			// A lost race is harmless because the exact penalty does not matter.
			this.penalty.compareAndSet(penalty, penalty - 1);
		}
		return (double) pending + penalty;
	}

	@Override
	public double load(long now, int pending) {
		return (double) pending + this.penalty.get();
	}

}
