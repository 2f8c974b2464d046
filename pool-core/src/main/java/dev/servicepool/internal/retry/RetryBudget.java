package dev.servicepool.internal.retry;

import java.time.Duration;

import dev.servicepool.Retry;

/**
 * Limit of the second attempts of a pool: a share of its requests of the last 10 seconds,
 * and a fixed number per second in addition. If many requests fail together, second
 * attempts therefore add little to the load of the servers that still work. Guarded by
 * the lock.
 * <p>
 * Source: the retry budget of Finagle.
 */
public final class RetryBudget {

	/** The number of slots of the window. */
	private static final int SLOTS = 10;

	private static final long SLOT = Duration.ofSeconds(1).toNanos();

	private final double ratio;

	private final double perWindow;

	/**
	 * The total number of calls at the start of each slot, at its number modulo length.
	 */
	private final long[] callsAt = new long[SLOTS];

	/** The second attempts in each slot. */
	private final long[] retries = new long[SLOTS];

	private int slot;

	private long slotStart;

	public RetryBudget(Retry.Budget budget, long now) {
		this.ratio = budget.ratio();
		this.perWindow = (double) budget.perSecond() * SLOTS;
		this.slotStart = now;
	}

	/** Return whether {@link #observe} must be called, so that no slot is skipped. */
	public boolean isDue(long now) {
		return now - this.slotStart >= SLOT;
	}

	/**
	 * Record the number of calls.
	 * @param calls the total number of calls, including second attempts
	 */
	public void observe(long calls, long now) {
		for (int passed = 0; isDue(now); passed++) {
			if (passed == SLOTS) {
				this.slotStart = now;
				return;
			}
			this.slotStart += SLOT;
			this.slot = (this.slot + 1) % SLOTS;
			this.callsAt[this.slot] = calls;
			this.retries[this.slot] = 0;
		}
	}

	/**
	 * Take one second attempt from the budget.
	 * @param calls the total number of calls, including second attempts
	 * @return whether the attempt is within the budget
	 */
	public boolean tryTake(long calls, long now) {
		observe(calls, now);
		long taken = 0;
		for (long retries : this.retries) {
			taken += retries;
		}
		long first = calls - this.callsAt[(this.slot + 1) % SLOTS] - taken;
		boolean allowed = taken + 1 <= this.ratio * Math.max(0, first) + this.perWindow;
		if (allowed) {
			this.retries[this.slot]++;
		}
		return allowed;
	}

}
