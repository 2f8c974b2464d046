package dev.servicepool.internal.target;

import java.time.Duration;
import java.util.random.RandomGenerator;

import dev.servicepool.internal.util.Nanos;
import dev.servicepool.PoolSettings;

/**
 * Pauses after failed creations for one target. A pause doubles up to a maximum and is
 * shortened by up to a half at random. Guarded by the lock.
 */
public final class Backoff {

	private final long first;

	private final long longest;

	private final RandomGenerator random;

	private int consecutiveFailures;

	/** The number of consecutive failures before the last success. */
	private int previousFailures;

	private boolean backingOff;

	private long backoffEnd;

	public Backoff(PoolSettings settings, RandomGenerator random) {
		this(settings.backoff(), settings.maxBackoff(), random);
	}

	public Backoff(Duration first, Duration longest, RandomGenerator random) {
		this.first = Nanos.of(first);
		this.longest = Nanos.of(longest);
		this.random = random;
	}

	public void succeeded() {
		this.previousFailures = this.consecutiveFailures;
		this.consecutiveFailures = 0;
		this.backingOff = false;
	}

	/** Forget all failures. */
	public void forget() {
		succeeded();
		this.previousFailures = 0;
	}

	/**
	 * Record that a service failed before it served a request. This counts like a failed
	 * creation, as if the last success had not happened.
	 */
	public void failedUnused(long now) {
		this.consecutiveFailures = Math.max(this.consecutiveFailures, this.previousFailures);
		failed(now);
	}

	public void failed(long now) {
		int doublings = Math.min(this.consecutiveFailures++, 62);
		long full = (this.first <= this.longest >> doublings) ? this.first << doublings : this.longest;
		this.backingOff = true;
		this.backoffEnd = now + full - (long) (this.random.nextDouble() * (full / 2));
	}

	public boolean backingOff() {
		return this.backingOff;
	}

	/**
	 * End the pause if it is over.
	 * @return whether this call ended the pause
	 */
	public boolean endBackoff(long now) {
		boolean ends = this.backingOff && now - this.backoffEnd >= 0;
		this.backingOff &= !ends;
		return ends;
	}

	/** Return the remaining time of the pause in nanoseconds. */
	public long remaining(long now) {
		return this.backoffEnd - now;
	}

}
