package dev.servicepool.internal;

import java.time.Duration;
import java.util.List;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.PoolEvent.Type;

/**
 * Pauses services whose servers asked for a pause. Guarded by the lock.
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
		if (!member.isSuspended()) {
			this.registry.pause(member);
			this.recorder.event(Type.PAUSED,
					"requested by its server; paused for " + Figures.of(Duration.ofNanos(pause)), member);
		}
	}

	/** Resume the services whose pause is over. */
	@Override
	public void run(long now) {
		if (this.registry.suspended().members().size() == this.registry.suspended().ejected()) {
			return;
		}
		for (Member<Q, R> member : List.copyOf(this.registry.suspended().members())) {
			if (member.isPaused() && !member.suspension.isPaused(now)) {
				this.registry.endSuspension(member);
				this.recorder.event(Type.RESUMED, "pause requested by its server is over", member);
				this.dispatcher.suspensionEnded(member, now);
			}
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
