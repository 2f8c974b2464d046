package dev.servicepool;

import java.util.random.RandomGenerator;

/**
 * The pauses after failures to make services for one target: they double up to a bound,
 * and are shortened by up to a half at random. Guarded by the pool's lock.
 */
final class Backoff {

	private final long first;

	private final long longest;

	private final RandomGenerator random;

	private int failuresInRow;

	/** The failures in a row before the last success. */
	private int failuresBefore;

	private boolean backingOff;

	private long backoffEnd;

	Backoff(PoolSettings settings, RandomGenerator random) {
		this.first = Nanos.of(settings.backoff());
		this.longest = Nanos.of(settings.maxBackoff());
		this.random = random;
	}

	void succeeded() {
		this.failuresBefore = this.failuresInRow;
		this.failuresInRow = 0;
		this.backingOff = false;
	}

	/**
	 * A service has failed before it served anybody: as bad as if it had not been made.
	 */
	void wasted(long now) {
		this.failuresInRow = Math.max(this.failuresInRow, this.failuresBefore);
		failed(now);
	}

	void failed(long now) {
		int doublings = Math.min(this.failuresInRow++, 62);
		long full = (this.first <= this.longest >> doublings) ? this.first << doublings : this.longest;
		this.backingOff = true;
		this.backoffEnd = now + full - (long) (this.random.nextDouble() * (full / 2));
	}

	boolean backingOff() {
		return this.backingOff;
	}

	/**
	 * End the pause if its time has come.
	 * @return whether it ended now
	 */
	boolean endBackoff(long now) {
		boolean ends = this.backingOff && now - this.backoffEnd >= 0;
		this.backingOff &= !ends;
		return ends;
	}

	/** Return how long the pause lasts yet, in nanoseconds. */
	long remaining(long now) {
		return this.backoffEnd - now;
	}

}
