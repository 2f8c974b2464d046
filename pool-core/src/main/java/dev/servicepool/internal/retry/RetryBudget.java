package dev.servicepool.internal.retry;

import java.time.Duration;

import dev.servicepool.Retry;

/**
 * Limit of the second attempts of a pool: a share of its requests of the last seconds,
 * and a fixed number per second in addition. If many requests fail together, second
 * attempts therefore add little to the load of the servers that still work. Guarded by
 * the lock.
 * <p>
 * Source: the retry budget of Finagle.
 */
public final class RetryBudget {

	/** The period to which the limits apply, in slots. */
	private static final int PERIOD = 10;

	/**
	 * The number of slots in which second attempts count, the last of which has not
	 * ended. Therefore, each attempt counts for at least one period.
	 */
	private static final int SLOTS = PERIOD + 1;

	/**
	 * The number of slots in which calls count, the last of which has not ended. An
	 * outage spends what the calls before it have earned, and the calls during it may be
	 * fewer, because their number varies at random. Therefore, calls count for less than
	 * one period.
	 */
	private static final int CALL_SLOTS = PERIOD - 1;

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
		this.perWindow = (double) budget.perSecond() * PERIOD;
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
		boolean allowed = remaining(calls, now) > 0;
		if (allowed) {
			this.retries[this.slot]++;
		}
		return allowed;
	}

	/** Return an attempt that was taken last and is not sent. */
	public void putBack() {
		// If the slot has ended since, the budget remains smaller by this attempt.
		if (this.retries[this.slot] > 0) {
			this.retries[this.slot]--;
		}
	}

	/**
	 * Return the number of second attempts that the budget allows now.
	 * @param calls the total number of calls, including second attempts
	 */
	public long remaining(long calls, long now) {
		int passed = (int) Math.min(SLOTS, (now - this.slotStart) / SLOT);
		long taken = 0;
		long takenBefore = 0;
		for (int age = 0; age < SLOTS - passed; age++) {
			taken += this.retries[index(age)];
			takenBefore += (age + passed >= CALL_SLOTS) ? this.retries[index(age)] : 0;
		}
		int oldest = CALL_SLOTS - 1 - passed;
		long first = (oldest < 0) ? 0 : calls - this.callsAt[index(oldest)] - (taken - takenBefore);
		return Math.max(0, (long) (this.ratio * Math.max(0, first) + this.perWindow) - taken);
	}

	/** Return the index of a slot that began a number of slots before the current one. */
	private int index(int age) {
		return (this.slot - age + SLOTS) % SLOTS;
	}

}
