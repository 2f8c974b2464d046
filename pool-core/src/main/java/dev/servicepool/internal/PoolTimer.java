package dev.servicepool.internal;

import java.time.Duration;

/**
 * The only timer of a pool. It is set to the next time at which work is due, unless it
 * elapses earlier anyway. A timer that is long overdue is set again, because a scheduler
 * may run a task too early or lose it. Guarded by the lock.
 */
final class PoolTimer<Q, R> {

	/**
	 * The maximum delay, after which the timer no longer references a pool that is not
	 * used any more.
	 */
	private static final long LONGEST = Duration.ofMinutes(1).toNanos();

	/**
	 * The time after which a timer is overdue. A busy scheduler runs tasks late, and
	 * would otherwise receive another task with each event.
	 */
	private static final long OVERDUE = Duration.ofSeconds(1).toNanos();

	private final EventRecorder<Q, R> recorder;

	private boolean set;

	private long elapsesAt;

	PoolTimer(EventRecorder<Q, R> recorder) {
		this.recorder = recorder;
	}

	/**
	 * Set the timer, unless it elapses in time anyway.
	 * @param left the time until work is due, in nanoseconds; {@link Long#MAX_VALUE} if
	 * none is due
	 */
	void set(long left, long now) {
		if (left == Long.MAX_VALUE) {
			return;
		}
		long delay = Math.max(0, Math.min(left, LONGEST));
		boolean overdue = now - this.elapsesAt >= OVERDUE;
		if (!this.set || overdue || now + delay - this.elapsesAt < 0) {
			this.set = true;
			this.elapsesAt = now + delay;
			this.recorder.effect(new Effect.Tick<>(delay));
		}
	}

	/**
	 * Handle an elapsed timer. If an earlier setting elapses, the current one stays set.
	 */
	void elapsed(long now) {
		this.set &= now - this.elapsesAt < 0;
	}

}
