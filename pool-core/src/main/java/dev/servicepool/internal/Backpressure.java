package dev.servicepool.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * Pauses services whose servers asked for a pause. A pause moves a call to another server
 * and never delays it. Guarded by the lock.
 */
final class Backpressure<Q, R> implements MaintenanceTask {

	/** The maximum duration of a pause, regardless of what the server asks for. */
	static final Duration LONGEST = Duration.ofSeconds(30);

	private final MemberRegistry<Q, R> registry;

	private final Dispatcher<Q, R> dispatcher;

	private final EventRecorder<Q, R> recorder;

	Backpressure(MemberRegistry<Q, R> registry, Dispatcher<Q, R> dispatcher, EventRecorder<Q, R> recorder) {
		this.registry = registry;
		this.dispatcher = dispatcher;
		this.recorder = recorder;
	}

	/** Pause a service because its server asked for a pause. */
	void pause(Member<Q, R> member, long nanos, long now) {
		if (!member.isLive() || nanos <= 0) {
			return;
		}
		long pause = Math.min(nanos, LONGEST.toNanos());
		member.suspension.pause(now + pause);
		if (!member.isSuspended() && isAnyTargetUsable(member)) {
			this.registry.pause(member);
			this.recorder.event(Type.PAUSED,
					"requested by its server; paused for " + Figures.of(Duration.ofNanos(pause)), member);
		}
		else if (!member.isSuspended()) {
			member.suspension.endPause();
			resumeAll(now);
		}
	}

	/**
	 * Return whether a target has a service that is not suspended, and none that is
	 * paused, or can have such a service because it is not preferred.
	 * @param paused a service that is about to be paused, if any
	 */
	private boolean isAnyTargetUsable(@Nullable Member<Q, R> paused) {
		Set<Target> unusable = new HashSet<>();
		if (paused != null) {
			unusable.add(paused.target);
		}
		paused().forEach((member) -> unusable.add(member.target));
		return this.registry.live()
			.stream()
			.anyMatch((member) -> !member.isSuspended() && !unusable.contains(member.target))
				|| this.registry.hasReserve();
	}

	/** Return the paused services, in the order in which their pauses end. */
	private List<Member<Q, R>> paused() {
		return this.registry.suspended()
			.members()
			.stream()
			.filter(Member::isPaused)
			.sorted((one, other) -> one.suspension.comparePause(other.suspension))
			.toList();
	}

	/**
	 * Resume all services, because the load of a paused server has no other server to
	 * move to.
	 */
	private void resumeAll(long now) {
		for (Member<Q, R> member : paused()) {
			member.suspension.endPause();
			resume(member, "all targets are paused", now);
		}
	}

	/**
	 * End all pauses.
	 * @return the number of services that were paused
	 */
	int reset(long now) {
		this.registry.live().forEach((member) -> member.suspension.endPause());
		List<Member<Q, R>> paused = paused();
		paused.forEach((member) -> resume(member, "all pauses were reset", now));
		return paused.size();
	}

	/** Resume a service, unless it was retired because another one was resumed. */
	private void resume(Member<Q, R> member, String message, long now) {
		if (!member.isPaused()) {
			return;
		}
		this.registry.endSuspension(member);
		this.recorder.event(Type.RESUMED, message, member);
		this.dispatcher.suspensionEnded(member, now);
	}

	/**
	 * Resume the services whose pause is over, and all if no target is usable. Serve
	 * callers that would otherwise wait by services that are still paused.
	 */
	@Override
	public void run(long now) {
		if (this.registry.suspended().paused() == 0) {
			return;
		}
		for (Member<Q, R> member : paused()) {
			if (!member.suspension.isPaused(now)) {
				resume(member, "pause requested by its server is over", now);
			}
		}
		if (!isAnyTargetUsable(null)) {
			resumeAll(now);
		}
		for (Member<Q, R> member : paused()) {
			this.dispatcher.usePaused(member, now);
		}
	}

	@Override
	public long nanosToNextRun(long now) {
		long left = Long.MAX_VALUE;
		for (Member<Q, R> member : this.registry.suspended().members()) {
			left = (member.isPaused()) ? Math.min(left, member.suspension.remainingPause(now)) : left;
		}
		return left;
	}

}
