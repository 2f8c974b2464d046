package dev.servicepool;

import java.time.Duration;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * The attempts to make services: at most one that counts at a time, pauses after failures
 * that double up to a bound, and the books on all of them. Guarded by the pool's lock.
 */
final class Makes {

	private final long timeout;

	private final long backoff;

	private final long maxBackoff;

	private final RandomGenerator random;

	/** The attempt that counts; one whose time ran out does not any more. */
	private @Nullable Attempt current;

	private @Nullable Throwable lastFailure;

	private int failuresInRow;

	private boolean pausing;

	private long pauseEnd;

	private long attempts;

	private long made;

	private long failed;

	private long discardedLate;

	Makes(PoolSettings settings, RandomGenerator random) {
		this.timeout = Nanos.of(settings.makeTimeout());
		this.backoff = Nanos.of(settings.backoff());
		this.maxBackoff = Nanos.of(settings.maxBackoff());
		this.random = random;
	}

	@Nullable Attempt current() {
		return this.current;
	}

	boolean inProgress() {
		return this.current != null;
	}

	boolean pausing() {
		return this.pausing;
	}

	@Nullable Throwable lastFailure() {
		return this.lastFailure;
	}

	Attempt begin(Target target, String why, long now) {
		if (this.current != null) {
			throw new IllegalStateException("Two services made at a time");
		}
		this.current = new Attempt(++this.attempts, target, why, now + this.timeout);
		return this.current;
	}

	/**
	 * An attempt has brought a service.
	 * @return whether it is wanted: not if it comes late
	 */
	boolean succeeded(Attempt attempt) {
		if (attempt != this.current) {
			this.discardedLate++;
			return false;
		}
		this.current = null;
		this.made++;
		this.failuresInRow = 0;
		this.pausing = false;
		this.lastFailure = null;
		return true;
	}

	/**
	 * An attempt has failed.
	 * @return whether anybody still waited for it
	 */
	boolean failed(Attempt attempt, Throwable cause, long now) {
		this.failed++;
		if (attempt != this.current) {
			return false;
		}
		this.current = null;
		pause(cause, now);
		return true;
	}

	/**
	 * Stop waiting for the current attempt, which stays in progress until it returns.
	 * @return the attempt
	 */
	@Nullable Attempt abandon() {
		Attempt abandoned = this.current;
		this.current = null;
		return abandoned;
	}

	/** Make nothing for a while. */
	void pause(Throwable cause, long now) {
		this.lastFailure = cause;
		int doublings = Math.min(this.failuresInRow++, 62);
		long full = (this.backoff <= this.maxBackoff >> doublings) ? this.backoff << doublings : this.maxBackoff;
		this.pausing = true;
		this.pauseEnd = now + full - (long) (this.random.nextDouble() * (full / 2));
	}

	/**
	 * End the pause if its time has come.
	 * @return whether it ended now
	 */
	boolean endPause(long now) {
		boolean ends = this.pausing && now - this.pauseEnd >= 0;
		this.pausing &= !ends;
		return ends;
	}

	Duration pauseLeft(long now) {
		return Duration.ofNanos(Math.max(0, this.pauseEnd - now));
	}

	/**
	 * Return how long until the pause ends or the current attempt's time is up.
	 * @return nanoseconds, or {@link Long#MAX_VALUE} if there is nothing to wait for
	 */
	long nanosToNextDeadline(long now) {
		long left = (this.current != null) ? this.current.deadline - now : Long.MAX_VALUE;
		return this.pausing ? Math.min(left, this.pauseEnd - now) : left;
	}

	PoolSnapshot.Makes snapshot(long drained, long evicted) {
		int inProgress = (int) (this.attempts - this.made - this.failed - this.discardedLate);
		return new PoolSnapshot.Makes(this.attempts, this.made, this.failed, inProgress, this.discardedLate, drained,
				evicted);
	}

}
