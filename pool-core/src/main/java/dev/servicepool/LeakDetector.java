package dev.servicepool;

import dev.servicepool.PoolEvent.Type;

/**
 * Finds leases that are held for so long that they may never end. Guarded by the pool's
 * lock.
 */
final class LeakDetector<Q, R> {

	/** How often leases are looked at within the time for which they may be held. */
	private static final int LOOKS = 4;

	private final long threshold;

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private long lookAt;

	LeakDetector(PoolSettings settings, MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder, long now) {
		this.threshold = Nanos.of(settings.leakDetectionThreshold());
		this.registry = registry;
		this.recorder = recorder;
		this.lookAt = now;
	}

	/** Look at the leases, if it is time. */
	void run(long now) {
		if (this.threshold == 0 || now - this.lookAt < 0) {
			return;
		}
		this.lookAt = now + Math.max(1, this.threshold / LOOKS);
		for (Member<Q, R> member : this.registry.all()) {
			for (LeaseRecord record : member.leaseTracker.tell(this.threshold, now)) {
				LeaseRecord.Seen seen = record.seen(now);
				this.recorder.event(Type.LEAK_SUSPECTED, "a lease is held for " + Figures.of(seen.activeFor()), member);
				this.recorder.effect(new Effect.TellOfLeak<>(member, seen));
			}
		}
	}

	/** Return how long until leases are looked at again, in nanoseconds. */
	long nanosToNextDeadline(long now) {
		return (this.threshold > 0 && this.registry.slots() > 0) ? this.lookAt - now : Long.MAX_VALUE;
	}

}
