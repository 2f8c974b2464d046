package dev.servicepool;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The attempts to make services: at most one that counts at a time, and the books on all
 * of them. Guarded by the pool's lock.
 */
final class Creations<Q, R> {

	private final long timeout;

	private final EventRecorder<Q, R> recorder;

	/** The attempt that counts; one whose time ran out does not any more. */
	private @Nullable CreationAttempt current;

	private @Nullable Failure lastFailure;

	private long attempts;

	private long created;

	private long failed;

	private long discardedLate;

	Creations(PoolSettings settings, EventRecorder<Q, R> recorder) {
		this.timeout = Nanos.of(settings.createTimeout());
		this.recorder = recorder;
	}

	boolean inProgress() {
		return this.current != null;
	}

	@Nullable Failure lastFailure() {
		return this.lastFailure;
	}

	void begin(Target target, String message, long now) {
		if (this.current != null) {
			throw new IllegalStateException("Two services made at a time");
		}
		CreationAttempt attempt = new CreationAttempt(++this.attempts, target, message, now + this.timeout);
		this.current = attempt;
		this.recorder.effect(new Effect.Create<>(attempt));
	}

	/**
	 * An attempt has brought a service.
	 * @return whether it is wanted: not if it comes late
	 */
	boolean succeeded(CreationAttempt attempt) {
		if (attempt != this.current) {
			this.discardedLate++;
			return false;
		}
		this.current = null;
		this.created++;
		this.lastFailure = null;
		return true;
	}

	/**
	 * An attempt has failed.
	 * @return whether anybody still waited for it
	 */
	boolean failed(CreationAttempt attempt, Failure failure) {
		this.failed++;
		if (attempt != this.current) {
			return false;
		}
		this.current = null;
		this.lastFailure = failure;
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
			this.recorder.effect(new Effect.CancelCreation<>(this.current));
			this.current = null;
		}
	}

	/**
	 * Give up the current attempt if its time is up.
	 * @return the attempt, if so
	 */
	@Nullable CreationAttempt abandonIfOverdue(long now) {
		CreationAttempt attempt = this.current;
		if (attempt == null || now - attempt.deadline < 0) {
			return null;
		}
		abandon();
		this.lastFailure = Failure.of(new TimeoutException("making a service for " + attempt.target.name()
				+ " took longer than createTimeout, which is " + Figures.of(Duration.ofNanos(this.timeout))));
		return attempt;
	}

	/** A service has failed before it served anybody. */
	void wasted(Failure failure) {
		this.lastFailure = failure;
	}

	/**
	 * Return how long until the current attempt's time is up.
	 * @return nanoseconds, or {@link Long#MAX_VALUE} if there is nothing to wait for
	 */
	long nanosToNextDeadline(long now) {
		return (this.current != null) ? this.current.deadline - now : Long.MAX_VALUE;
	}

	PoolSnapshot.Creations snapshot(Counters counters) {
		int inProgress = (int) (this.attempts - this.created - this.failed - this.discardedLate);
		return new PoolSnapshot.Creations(this.attempts, this.created, this.failed, inProgress, this.discardedLate,
				counters.drained(), counters.evicted());
	}

}
