package dev.servicepool.internal;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

import dev.servicepool.internal.permit.ConcurrencyLimit;
import dev.servicepool.internal.permit.Permits;
import dev.servicepool.internal.target.Targets;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * Selects the target for the next service, and the service that the pool can remove. All
 * changes of the {@link Targets} go through this class. Guarded by the lock.
 */
final class TargetAllocator<Q, R> {

	private final Targets targets;

	/** All live services, owned by the {@link MemberRegistry}; read only. */
	private final List<Member<Q, R>> live;

	private final Bounds bounds;

	/** Cached because it is needed for each event. */
	private @Nullable Target unserved;

	TargetAllocator(Targets targets, Bounds bounds, List<Member<Q, R>> live) {
		this.targets = targets;
		this.live = live;
		this.bounds = bounds;
		findUnserved();
	}

	/** Return whether a service can be created for a target that is not preferred. */
	boolean hasReserve() {
		return this.targets.hasReserve(this::acceptsMore);
	}

	/**
	 * Return the target for the next service of a target that is not preferred, if one
	 * can be created.
	 */
	@Nullable Target nextReserve() {
		return nextTarget((target) -> this.targets.tier(target) > 0 && acceptsMore(target));
	}

	/** See {@link Targets#drain}. */
	boolean drain(String target) {
		boolean changed = this.targets.drain(target);
		findUnserved();
		return changed;
	}

	/** See {@link Targets#undrain}. */
	boolean undrain(String target) {
		boolean changed = this.targets.undrain(target);
		findUnserved();
		return changed;
	}

	/** See {@link Targets#forgetFailures}. */
	boolean forgetFailures() {
		boolean backingOff = this.targets.forgetFailures();
		findUnserved();
		return backingOff;
	}

	/** Return a target that has no service and is not backing off, if any. */
	@Nullable Target unserved() {
		return this.unserved;
	}

	/** Find a target without a service, after services or targets have changed. */
	void findUnserved() {
		this.unserved = this.targets.unserved(this::servicesFor);
	}

	/**
	 * Return the target for the next service, or {@code null} if no service can be
	 * created now.
	 * @param wanted the condition that the target must meet
	 */
	@Nullable Target nextTarget(Predicate<Target> wanted) {
		return next(this::servicesFor, wanted);
	}

	/**
	 * Return the target for one more service, because the load requires several.
	 * @param creating the number of services that are being created for a target
	 */
	@Nullable Target nextTargetBeside(ToIntFunction<Target> creating) {
		return next((target) -> servicesFor(target) + creating.applyAsInt(target), this::acceptsMore);
	}

	private @Nullable Target next(ToIntFunction<Target> services, Predicate<Target> wanted) {
		return this.targets.next(services, wanted, this.bounds.maxServices(this.targets.size()));
	}

	/**
	 * Return the target for the next service whose creation does not depend on the load.
	 */
	@Nullable Target nextTarget() {
		Target best = nextTarget(this::acceptsMore);
		return (best != null) ? best : nextTarget((any) -> true);
	}

	boolean isBackingOff(Target target) {
		return this.targets.isBackingOff(target);
	}

	/**
	 * End the backoffs that are over.
	 * @return whether any backoff ended
	 */
	boolean endBackoffs(long now) {
		boolean ended = this.targets.endBackoffs(now);
		if (ended) {
			findUnserved();
		}
		return ended;
	}

	/**
	 * Set the targets.
	 * @return whether the targets have changed
	 */
	boolean retarget(List<Target> targets) {
		boolean others = this.targets.replace(targets);
		findUnserved();
		return others;
	}

	/** Record the end of an attempt to create a service for a target. */
	void attempted(Target target, boolean created, long now) {
		this.targets.attempted(target, created, now);
		findUnserved();
	}

	/**
	 * Record that a service failed before it served a request, which counts like a failed
	 * creation.
	 */
	void failedUnused(Target target, long now) {
		this.targets.failedUnused(target, now);
		findUnserved();
	}

	/**
	 * Record that several services in a row were broken before they responded.
	 */
	void brokenUnused(Target target, long now) {
		this.targets.brokenUnused(target, now);
		findUnserved();
	}

	List<Member<Q, R>> servicesOf(Target target) {
		return this.live.stream().filter((member) -> member.target.equals(target)).toList();
	}

	/**
	 * Return the concurrency limit of a new service: the lowest limit that the services
	 * of its target have learned recently. A limit that only one service has learned may
	 * be due to a short overload, and applies to this service only.
	 * @return the limit, or {@link Permits#MOST} if fewer than two services have learned
	 * one
	 */
	int learnedLimit(Target target, long now) {
		int[] limits = servicesOf(target).stream()
			.map((member) -> member.limit)
			.filter((limit) -> limit.isIndicative(now))
			.mapToInt(ConcurrencyLimit::learned)
			.sorted()
			.toArray();
		return (limits.length >= 2) ? limits[0] : Permits.MOST;
	}

	/**
	 * Return whether high load may cause the creation of a service for a target. The
	 * result is {@code false} while one service of the target is paused, or all of them
	 * are suspended.
	 */
	boolean acceptsMore(Target target) {
		List<Member<Q, R>> services = servicesOf(target);
		return services.isEmpty() || (services.stream().noneMatch(Member::isPaused)
				&& services.stream().anyMatch((member) -> !member.isSuspended()));
	}

	/**
	 * Return the newest service that its target does not need, if there is one: the
	 * target has at least two services, or is not preferred. A suspect service and its
	 * successor count as one service. Services of later tiers come first.
	 * @param wanted the condition that the service must meet
	 */
	@Nullable Member<Q, R> newestSpare(Predicate<? super Member<Q, R>> wanted) {
		Member<Q, R> found = null;
		for (int index = this.live.size() - 1; index >= 0; index--) {
			Member<Q, R> member = this.live.get(index);
			if ((found == null || member.tier() > found.tier()) && wanted.test(member)
					&& (member.tier() > 0 || isSpare(member))) {
				found = member;
			}
		}
		return found;
	}

	private boolean isSpare(Member<Q, R> member) {
		return !member.isSuccessor() && this.live.stream()
			.anyMatch((other) -> other != member && other.target.equals(member.target) && !other.isSuccessor());
	}

	int servicesFor(Target target) {
		return (int) this.live.stream().filter((member) -> member.target.equals(target)).count();
	}

}
