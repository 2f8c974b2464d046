package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayList;
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
 * Attempts to create services, and their counters. Several attempts run concurrently only
 * if the load requires several services. Attempts to create replacements run beside them.
 * An attempt that timed out is not current any more. Guarded by the lock.
 */
final class CreationTracker<Q, R> {

	private final long timeout;

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	/** The current attempts, except those to create replacements. */
	private final Set<CreationAttempt> current = new LinkedHashSet<>();

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
		return !this.current.isEmpty();
	}

	/** Return the number of current attempts, including those to create replacements. */
	int count() {
		return this.replacements.size() + this.current.size();
	}

	/** Return the number of current attempts, except those to create replacements. */
	int ordinary() {
		return this.current.size();
	}

	/** Return the number of current attempts for a target. */
	int countFor(Target target) {
		return (int) this.current.stream().filter((attempt) -> attempt.target.equals(target)).count();
	}

	/** Return the number of the last attempt, which is also the ID of its service. */
	long lastAttempt() {
		return this.attempts;
	}

	@Nullable Failure lastFailure() {
		return this.lastFailure;
	}

	/** Begin to create a service while no other one is being created. */
	CreationAttempt begin(Target target, String message, long now) {
		if (inProgress()) {
			throw new IllegalStateException("A creation is already in progress");
		}
		return beginBeside(target, message, now);
	}

	/** Begin to create a service beside the other ones. */
	CreationAttempt beginBeside(Target target, String message, long now) {
		CreationAttempt attempt = begin(target, message, false, now);
		this.current.add(attempt);
		return attempt;
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
		if (this.current.remove(attempt)) {
			return true;
		}
		boolean ended = this.replacements.remove(attempt);
		this.registry.successors(this.replacements.size());
		return ended;
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
	 * @return whether the attempt was current
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
	 * Abandon the current attempts whose target is not wanted any more.
	 * @return whether any of them was not a replacement
	 */
	boolean abandonUnless(Predicate<Target> wanted) {
		int before = ordinary();
		for (CreationAttempt attempt : all()) {
			if (!wanted.test(attempt.target)) {
				abandon(attempt);
			}
		}
		return ordinary() < before;
	}

	/** Abandon all attempts. They remain in progress until they return. */
	void abandon() {
		all().forEach(this::abandon);
	}

	private List<CreationAttempt> all() {
		List<CreationAttempt> all = new ArrayList<>(this.replacements);
		all.addAll(this.current);
		return all;
	}

	private void abandon(CreationAttempt attempt) {
		end(attempt);
		this.recorder.effect(new Effect.CancelCreation<>(attempt));
	}

	private @Nullable CreationAttempt firstToTimeOut() {
		CreationAttempt first = null;
		for (CreationAttempt attempt : this.current) {
			first = firstOf(first, attempt);
		}
		for (CreationAttempt replacement : this.replacements) {
			first = firstOf(first, replacement);
		}
		return first;
	}

	private static CreationAttempt firstOf(@Nullable CreationAttempt first, CreationAttempt other) {
		return (first == null || other.deadline - first.deadline < 0) ? other : first;
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
