package dev.servicepool;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * The attempts to make services: at most one that counts at a time, pauses after failures
 * that double up to a bound, and the books on all of them. Guarded by the pool's lock.
 */
final class Makes<Q, R> {

	private final long timeout;

	private final long backoff;

	private final long maxBackoff;

	private final RandomGenerator random;

	private final Journal<Q, R> journal;

	/** The attempt that counts; one whose time ran out does not any more. */
	private @Nullable Attempt current;

	private @Nullable Failure lastFailure;

	private int failuresInRow;

	/** The failures in a row before the last success. */
	private int failuresBefore;

	private boolean pausing;

	private long pauseEnd;

	private long attempts;

	private long made;

	private long failed;

	private long discardedLate;

	Makes(PoolSettings settings, RandomGenerator random, Journal<Q, R> journal) {
		this.timeout = Nanos.of(settings.makeTimeout());
		this.backoff = Nanos.of(settings.backoff());
		this.maxBackoff = Nanos.of(settings.maxBackoff());
		this.random = random;
		this.journal = journal;
	}

	boolean inProgress() {
		return this.current != null;
	}

	boolean pausing() {
		return this.pausing;
	}

	@Nullable Failure lastFailure() {
		return this.lastFailure;
	}

	/** Whether a service can be made now: none is being made, and no pause lasts. */
	boolean canBegin() {
		return this.current == null && !this.pausing;
	}

	void begin(Target target, String why, long now) {
		if (this.current != null) {
			throw new IllegalStateException("Two services made at a time");
		}
		Attempt attempt = new Attempt(++this.attempts, target, why, now + this.timeout);
		this.current = attempt;
		this.journal.effect(new Effect.Make<>(attempt));
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
		this.failuresBefore = this.failuresInRow;
		this.failuresInRow = 0;
		this.pausing = false;
		this.lastFailure = null;
		return true;
	}

	/**
	 * An attempt has failed.
	 * @return whether anybody still waited for it
	 */
	boolean failed(Attempt attempt, Failure failure, long now) {
		this.failed++;
		if (attempt != this.current) {
			return false;
		}
		this.current = null;
		pause(failure, now);
		return true;
	}

	/**
	 * Stop waiting for the current attempt if its target is not wanted any more.
	 * @return whether that was so
	 */
	boolean abandonUnless(Predicate<Target> wanted) {
		boolean unwanted = this.current != null && !wanted.test(this.current.target);
		if (unwanted) {
			abandon();
		}
		return unwanted;
	}

	/** Stop waiting for the current attempt, which stays in progress until it returns. */
	void abandon() {
		if (this.current != null) {
			this.journal.effect(new Effect.CancelMake<>(this.current));
			this.current = null;
		}
	}

	/**
	 * Give up the current attempt if its time is up.
	 * @return the attempt, if so
	 */
	@Nullable Attempt giveUpIfSlow(long now) {
		Attempt attempt = this.current;
		if (attempt == null || now - attempt.deadline < 0) {
			return null;
		}
		abandon();
		pause(Failure.of(new TimeoutException("making a service for " + attempt.target.name()
				+ " took longer than makeTimeout, which is " + Words.of(Duration.ofNanos(this.timeout)))), now);
		return attempt;
	}

	/**
	 * A service has failed before it served anybody: as bad as if it had not been made.
	 */
	void wasted(Failure failure, long now) {
		this.failuresInRow = Math.max(this.failuresInRow, this.failuresBefore);
		pause(failure, now);
	}

	private void pause(Failure failure, long now) {
		this.lastFailure = failure;
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

	PoolSnapshot.Makes snapshot(Ledger ledger) {
		int inProgress = (int) (this.attempts - this.made - this.failed - this.discardedLate);
		return new PoolSnapshot.Makes(this.attempts, this.made, this.failed, inProgress, this.discardedLate,
				ledger.drained(), ledger.evicted());
	}

}
