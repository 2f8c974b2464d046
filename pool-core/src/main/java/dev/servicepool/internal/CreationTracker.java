package dev.servicepool.internal;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
 * Attempts to create services, and their counters. At most one attempt is current. The
 * replacements of services that do not respond run beside it. Guarded by the lock.
 */
final class CreationTracker<Q, R> {

	private final long timeout;

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	/** The current attempt. An attempt that timed out is not current any more. */
	private @Nullable CreationAttempt current;

	/** The current attempts to create replacements. */
	private final Set<CreationAttempt> replacements = new LinkedHashSet<>();

	private @Nullable Failure lastFailure;

	private long attempts;

	private long created;

	private long failed;

	private long discardedLate;

	CreationTracker(PoolSettings settings, MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder) {
		this.registry = registry;
		this.timeout = Nanos.of(settings.createTimeout());
		this.recorder = recorder;
	}

	boolean inProgress() {
		return this.current != null;
	}

	/** Return the number of current attempts, including those to create replacements. */
	int count() {
		return this.replacements.size() + ((this.current != null) ? 1 : 0);
	}

	@Nullable Failure lastFailure() {
		return this.lastFailure;
	}

	void begin(Target target, String message, long now) {
		if (this.current != null) {
			throw new IllegalStateException("A creation is already in progress");
		}
		this.current = begin(target, message, false, now);
	}

	/** Begin to create a replacement, beside the current attempt. */
	CreationAttempt beginReplacement(Target target, String message, long now) {
		CreationAttempt attempt = begin(target, message, true, now);
		this.replacements.add(attempt);
		this.registry.successors(this.replacements.size());
		return attempt;
	}

	private CreationAttempt begin(Target target, String message, boolean replacement, long now) {
		CreationAttempt attempt = new CreationAttempt(++this.attempts, target, message, replacement,
				now + this.timeout);
		this.recorder.effect(new Effect.Create<>(attempt));
		return attempt;
	}

	private boolean end(CreationAttempt attempt) {
		if (attempt != this.current) {
			boolean ended = this.replacements.remove(attempt);
			this.registry.successors(this.replacements.size());
			return ended;
		}
		this.current = null;
		return true;
	}

	/**
	 * Record that an attempt has created a service.
	 * @return whether the pool needs the service; {@code false} if the attempt is not
	 * current any more
	 */
	boolean succeeded(CreationAttempt attempt) {
		if (!end(attempt)) {
			this.discardedLate++;
			return false;
		}
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
		if (!end(attempt)) {
			return false;
		}
		this.lastFailure = failure;
		return true;
	}

	/**
	 * Abandon the current attempt if its target is not wanted any more.
	 * @return whether the attempt was abandoned
	 */
	boolean abandonUnless(Predicate<Target> wanted) {
		for (CreationAttempt replacement : List.copyOf(this.replacements)) {
			if (!wanted.test(replacement.target)) {
				abandon(replacement);
			}
		}
		CreationAttempt attempt = this.current;
		boolean unwanted = attempt != null && !wanted.test(attempt.target);
		if (attempt != null && unwanted) {
			abandon(attempt);
		}
		return unwanted;
	}

	/** Abandon all attempts. They remain in progress until they return. */
	void abandon() {
		List.copyOf(this.replacements).forEach(this::abandon);
		if (this.current != null) {
			abandon(this.current);
		}
	}

	private void abandon(CreationAttempt attempt) {
		end(attempt);
		this.recorder.effect(new Effect.CancelCreation<>(attempt));
	}

	private @Nullable CreationAttempt firstToTimeOut() {
		CreationAttempt first = this.current;
		for (CreationAttempt replacement : this.replacements) {
			first = (first == null || replacement.deadline - first.deadline < 0) ? replacement : first;
		}
		return first;
	}

	/**
	 * Abandon an attempt that timed out.
	 * @return the abandoned attempt, or {@code null}
	 */
	@Nullable CreationAttempt abandonIfOverdue(long now) {
		CreationAttempt attempt = firstToTimeOut();
		if (attempt == null || now - attempt.deadline < 0) {
			return null;
		}
		abandon(attempt);
		this.lastFailure = Failure.of(new TimeoutException("creating a service for " + attempt.target.name()
				+ " took longer than createTimeout (" + Figures.of(Duration.ofNanos(this.timeout)) + ")"));
		return attempt;
	}

	/** Record that a service failed before it served a request. */
	void failedUnused(Failure failure) {
		this.lastFailure = failure;
	}

	/**
	 * Return the time until the next attempt times out.
	 * @return the time in nanoseconds, or {@link Long#MAX_VALUE} if there is no current
	 * attempt
	 */
	long nanosToDeadline(long now) {
		CreationAttempt first = firstToTimeOut();
		return (first != null) ? first.deadline - now : Long.MAX_VALUE;
	}

	PoolSnapshot.Creations snapshot(Counters counters) {
		int inProgress = (int) (this.attempts - this.created - this.failed - this.discardedLate);
		return new PoolSnapshot.Creations(this.attempts, this.created, this.failed, inProgress, this.discardedLate,
				counters.drained(), counters.evicted());
	}

}
