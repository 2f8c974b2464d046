package dev.servicepool;

import java.time.Duration;

/**
 * The one timer of a pool: it is set to the next moment at which something is due, and
 * left as it is while it rings soon enough. Guarded by the pool's lock.
 */
final class PoolTimer<Q, R> {

	/**
	 * A pool that is not used any more is let go by the timer after this at the latest.
	 */
	private static final long LONGEST = Duration.ofMinutes(1).toNanos();

	private final EventRecorder<Q, R> recorder;

	private boolean set;

	private long ringsAt;

	PoolTimer(EventRecorder<Q, R> recorder) {
		this.recorder = recorder;
	}

	/**
	 * See that it rings in time.
	 * @param left in how many nanoseconds something is due; {@link Long#MAX_VALUE} for
	 * never
	 */
	void set(long left, long now) {
		if (left == Long.MAX_VALUE) {
			return;
		}
		long delay = Math.max(0, Math.min(left, LONGEST));
		if (!this.set || now + delay - this.ringsAt < 0) {
			this.set = true;
			this.ringsAt = now + delay;
			this.recorder.effect(new Effect.Tick<>(delay));
		}
	}

	/** It has rung, or one that was set for a later moment before. */
	void rang(long now) {
		this.set &= now - this.ringsAt < 0;
	}

}
