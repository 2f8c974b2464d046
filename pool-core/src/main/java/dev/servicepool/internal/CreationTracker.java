package dev.servicepool.internal;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import dev.servicepool.internal.util.Failure;
import dev.servicepool.internal.util.Figures;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * Attempts to create services, and their counters. At most one attempt is current.
 * Guarded by the lock.
 */
final class CreationTracker<Q, R> {

	private final long timeout;

	private final EventRecorder<Q, R> recorder;

	/** The current attempt. An attempt that timed out is not current any more. */
	private @Nullable CreationAttempt current;

	private @Nullable Failure lastFailure;

	private long attempts;

	private long created;

	private long failed;

	private long discardedLate;

	CreationTracker(PoolSettings settings, EventRecorder<Q, R> recorder) {
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
			throw new IllegalStateException("A creation is already in progress");
		}
		CreationAttempt attempt = new CreationAttempt(++this.attempts, target, message, now + this.timeout);
		this.current = attempt;
		this.recorder.effect(new Effect.Create<>(attempt));
	}

	/**
	 * Record that an attempt has created a service.
	 * @return whether the pool needs the service; {@code false} if the attempt is not
	 * current any more
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
	 * Record that an attempt has failed.
	 * @return whether the attempt was the current one
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
	 * Abandon the current attempt if its target is not wanted any more.
	 * @return whether the attempt was abandoned
	 */
	boolean abandonUnless(Predicate<Target> wanted) {
		boolean unwanted = this.current != null && !wanted.test(this.current.target);
		if (unwanted) {
			abandon();
		}
		return unwanted;
	}

	/** Abandon the current attempt. It remains in progress until it returns. */
	void abandon() {
		if (this.current != null) {
			this.recorder.effect(new Effect.CancelCreation<>(this.current));
			this.current = null;
		}
	}

	/**
	 * Abandon the current attempt if it timed out.
	 * @return the abandoned attempt, or {@code null}
	 */
	@Nullable CreationAttempt abandonIfOverdue(long now) {
		CreationAttempt attempt = this.current;
		if (attempt == null || now - attempt.deadline < 0) {
			return null;
		}
		abandon();
		this.lastFailure = Failure.of(new TimeoutException("creating a service for " + attempt.target.name()
				+ " took longer than createTimeout (" + Figures.of(Duration.ofNanos(this.timeout)) + ")"));
		return attempt;
	}

	/** Record that a service failed before it served a request. */
	void failedUnused(Failure failure) {
		this.lastFailure = failure;
	}

	/**
	 * Return the time until the current attempt times out.
	 * @return the time in nanoseconds, or {@link Long#MAX_VALUE} if there is no current
	 * attempt
	 */
	long nanosToDeadline(long now) {
		return (this.current != null) ? this.current.deadline - now : Long.MAX_VALUE;
	}

	PoolSnapshot.Creations snapshot(Counters counters) {
		int inProgress = (int) (this.attempts - this.created - this.failed - this.discardedLate);
		return new PoolSnapshot.Creations(this.attempts, this.created, this.failed, inProgress, this.discardedLate,
				counters.drained(), counters.evicted());
	}

}
