package dev.servicepool;

import java.time.Duration;
import java.util.List;

import dev.servicepool.PoolEvent.Type;

/**
 * Leaves services alone whose servers have asked for that. Guarded by the pool's lock.
 */
final class Backpressure<Q, R> {

	/** For how long a service is left alone at most, whatever its server asks for. */
	static final Duration LONGEST = Duration.ofSeconds(30);

	private final MemberRegistry<Q, R> registry;

	private final Dispatcher<Q, R> dispatcher;

	private final EventRecorder<Q, R> recorder;

	Backpressure(MemberRegistry<Q, R> registry, Dispatcher<Q, R> dispatcher, EventRecorder<Q, R> recorder) {
		this.registry = registry;
		this.dispatcher = dispatcher;
		this.recorder = recorder;
	}

	/** The server of a service asks for no requests for a while. */
	void pause(Member<Q, R> member, long nanos, long now) {
		if (!member.isLive() || nanos <= 0) {
			return;
		}
		long pause = Math.min(nanos, LONGEST.toNanos());
		member.suspension.pause(now + pause);
		if (!member.isSuspended()) {
			this.registry.suspend(member, Member.State.PAUSED);
			this.recorder.event(Type.PAUSED,
					"its server asks for no requests for " + Figures.of(Duration.ofNanos(pause)), member);
		}
	}

	/** Take back those whose time is over. */
	void run(long now) {
		if (this.registry.suspended().members().size() == this.registry.suspended().ejected()) {
			return;
		}
		for (Member<Q, R> member : List.copyOf(this.registry.suspended().members())) {
			if (member.state == Member.State.PAUSED && !member.suspension.isPaused(now)) {
				this.registry.endSuspension(member);
				this.recorder.event(Type.RESUMED, "the time is over that its server asked for", member);
				this.dispatcher.suspensionEnded(member, now);
			}
		}
	}

	/**
	 * Return how long until something is due.
	 * @return nanoseconds, or {@link Long#MAX_VALUE} if there is nothing to wait for
	 */
	long nanosToNextDeadline(long now) {
		long left = Long.MAX_VALUE;
		for (Member<Q, R> member : this.registry.suspended().members()) {
			left = (member.state == Member.State.PAUSED) ? Math.min(left, member.suspension.remainingPause(now)) : left;
		}
		return left;
	}

}
