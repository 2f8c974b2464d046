package dev.servicepool.internal;

import java.time.Duration;

import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Retry;
import dev.servicepool.internal.retry.RetryBudget;

/**
 * Further attempts of requests: their budget, their number, and the events about the
 * budget. Guarded by the lock.
 */
final class Retries<Q, R> implements MaintenanceTask {

	/**
	 * The time without a denied attempt after which the budget is available again. While
	 * servers fail, the budget may allow single attempts between others that it denies.
	 */
	private static final long QUIET = Duration.ofSeconds(10).toNanos();

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private final RetryBudget budget;

	private long attempts;

	/** The attempts that were sent while the first one was in progress. */
	private long hedges;

	private long hedgesWon;

	private long denied;

	private boolean exhausted;

	private long deniedBefore;

	private long deniedAt;

	Retries(Retry.Budget budget, MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder, long now) {
		this.budget = new RetryBudget(budget, now);
		this.registry = registry;
		this.recorder = recorder;
	}

	/**
	 * Take one attempt from the budget.
	 * @return whether the attempt is within the budget
	 */
	boolean tryTake(long now) {
		if (this.budget.tryTake(this.registry.calls(), now)) {
			this.attempts++;
			return true;
		}
		if (!this.exhausted) {
			this.exhausted = true;
			this.deniedBefore = this.denied;
			this.recorder.event(Type.RETRIES_EXHAUSTED, "budget of further attempts is used up after " + this.attempts
					+ " of them; requests that a server may have processed are not sent again");
		}
		this.denied++;
		this.deniedAt = now;
		return false;
	}

	/** Return an attempt that was taken and is not sent. */
	void putBack() {
		this.budget.putBack();
		this.attempts--;
	}

	/**
	 * Take one attempt from the budget that is sent while the first one is in progress.
	 * @return whether the attempt is within the budget
	 */
	boolean tryTakeHedge(long now) {
		boolean allowed = tryTake(now);
		this.hedges += allowed ? 1 : 0;
		return allowed;
	}

	/** Return such an attempt that is not sent. */
	void putHedgeBack() {
		putBack();
		this.hedges--;
	}

	/** Record that such an attempt has received the response of the call. */
	void hedgeWon() {
		this.hedgesWon++;
	}

	/** Record the number of calls about once per second, and the end of exhaustion. */
	@Override
	public void run(long now) {
		if (this.budget.isDue(now)) {
			this.budget.observe(this.registry.calls(), now);
		}
		if (this.exhausted && now - this.deniedAt >= QUIET) {
			this.exhausted = false;
			this.recorder.event(Type.RETRIES_AVAILABLE, "no further attempt was denied for 10s, after "
					+ (this.denied - this.deniedBefore) + " denied ones");
		}
	}

	@Override
	public long nanosToNextRun(long now) {
		return this.exhausted ? Math.max(0, this.deniedAt + QUIET - now) : Long.MAX_VALUE;
	}

	PoolSnapshot.Retries snapshot(long now) {
		return new PoolSnapshot.Retries(this.attempts, this.hedges, this.hedgesWon, this.denied,
				this.budget.remaining(this.registry.calls(), now), this.exhausted);
	}

}
