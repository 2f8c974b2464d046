package dev.servicepool;

import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Which target the next service is made for, and which one a target can do without, by
 * the services that there are and by how those do. Guarded by the pool's lock.
 */
final class TargetAllocator<Q, R> {

	private final Targets targets;

	/** All services that live, as the roster has them; read only. */
	private final List<Member<Q, R>> live;

	/** Kept, since it is asked for at every event. */
	private @Nullable Target unserved;

	TargetAllocator(List<Target> targets, PoolSettings settings, RandomGenerator random, List<Member<Q, R>> live) {
		this.targets = new Targets(targets, settings, random);
		this.live = live;
		this.unserved = targets.get(0);
	}

	/** Return how many targets there are. */
	int targets() {
		return this.targets.size();
	}

	/** Return a target that has no service and can get one now, if there is one. */
	@Nullable Target unserved() {
		return this.unserved;
	}

	/** Services have come or gone: find a target that has none. */
	void findUnserved() {
		this.unserved = this.targets.unserved(this::servicesFor);
	}

	/**
	 * Return what the next service is made for, if one can be made now.
	 * @param wanted which targets may get a service
	 */
	@Nullable Target nextTarget(Predicate<Target> wanted) {
		return this.targets.next(this::servicesFor, wanted);
	}

	/** Return what the next service is made for if there must be one more. */
	@Nullable Target nextTarget() {
		Target best = nextTarget(this::acceptsMore);
		return (best != null) ? best : nextTarget((any) -> true);
	}

	boolean isBackingOff(Target target) {
		return this.targets.isBackingOff(target);
	}

	/** Whether no service can be made at present, since all attempts have failed. */
	boolean isBackingOffForAll() {
		return this.targets.isBackingOffForAll();
	}

	/**
	 * End the pauses after failed attempts whose time has come.
	 * @return whether there were any
	 */
	boolean endBackoffs(long now) {
		boolean ended = this.targets.endBackoffs(now);
		if (ended) {
			findUnserved();
		}
		return ended;
	}

	/** Return how long until such a pause ends, in nanoseconds. */
	long nanosToBackoffEnd(long now) {
		return this.targets.nanosToBackoffEnd(now);
	}

	boolean hasTarget(Target target) {
		return this.targets.contains(target);
	}

	/**
	 * Have other targets from now on.
	 * @return whether they are others indeed
	 */
	boolean retarget(List<Target> targets) {
		boolean others = this.targets.size() != targets.size() || !targets.stream().allMatch(this.targets::contains);
		this.targets.replace(targets);
		findUnserved();
		return others;
	}

	/** An attempt to make a service for a target has ended. */
	void attempted(Target target, boolean created, long now) {
		this.targets.attempted(target, created, now);
		findUnserved();
	}

	/** A service has failed before it served anybody: as if it had not been made. */
	void wasted(Target target, long now) {
		this.targets.wasted(target, now);
		findUnserved();
	}

	List<Member<Q, R>> servicesOf(Target target) {
		return this.live.stream().filter((member) -> member.target.equals(target)).toList();
	}

	/**
	 * Whether a target may get more services because of load: not if a server pushes
	 * back, nor while all its services are ejected.
	 */
	boolean acceptsMore(Target target) {
		List<Member<Q, R>> services = servicesOf(target);
		return services.isEmpty() || (services.stream().noneMatch((member) -> member.state == Member.State.PAUSED)
				&& services.stream().anyMatch((member) -> !member.isSuspended()));
	}

	/**
	 * Return the newest service whose target keeps another, if there is one.
	 * @param wanted which services are asked for
	 */
	@Nullable Member<Q, R> newestSpare(Predicate<? super Member<Q, R>> wanted) {
		for (int index = this.live.size() - 1; index >= 0; index--) {
			Member<Q, R> member = this.live.get(index);
			if (wanted.test(member) && servicesFor(member.target) > 1) {
				return member;
			}
		}
		return null;
	}

	int servicesFor(Target target) {
		return (int) this.live.stream().filter((member) -> member.target.equals(target)).count();
	}

}
