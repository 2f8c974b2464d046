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

	private final MemberRegistry<Q, R> roster;

	private final EventRecorder<Q, R> journal;

	private long lookAt;

	LeakDetector(PoolSettings settings, MemberRegistry<Q, R> roster, EventRecorder<Q, R> journal, long now) {
		this.threshold = Nanos.of(settings.leakDetectionThreshold());
		this.roster = roster;
		this.journal = journal;
		this.lookAt = now;
	}

	/** Look at the leases, if it is time. */
	void tend(long now) {
		if (this.threshold == 0 || now - this.lookAt < 0) {
			return;
		}
		this.lookAt = now + Math.max(1, this.threshold / LOOKS);
		for (Member<Q, R> member : this.roster.all()) {
			for (LeaseRecord record : member.leaseTracker.tell(this.threshold, now)) {
				LeaseRecord.Seen seen = record.seen(now);
				this.journal.event(Type.LEAK_SUSPECTED, "a lease is held for " + Figures.of(seen.activeFor()), member);
				this.journal.effect(new Effect.TellOfLeak<>(member, seen));
			}
		}
	}

	/** Return how long until leases are looked at again, in nanoseconds. */
	long nanosToNextDeadline(long now) {
		return (this.threshold > 0 && this.roster.slots() > 0) ? this.lookAt - now : Long.MAX_VALUE;
	}

}
