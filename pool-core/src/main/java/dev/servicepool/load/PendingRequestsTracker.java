package dev.servicepool.load;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The requests in flight at one service, and what failures cost: as many requests more.
 * That wears off as the service is passed over, and is halved by each answer, so no clock
 * is needed.
 */
final class PendingRequestsTracker implements LoadTracker {

	/** What a failure costs, in requests in flight. */
	static final int PENALTY = 100;

	/** What is left of it. Any thread. */
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
	public double load(long now, int pending) {
		int penalty = this.penalty.get();
		if (penalty > 0) {
			// If another thread was first, this look is not counted: it need not be.
			this.penalty.compareAndSet(penalty, penalty - 1);
		}
		return (double) pending + penalty;
	}

}
