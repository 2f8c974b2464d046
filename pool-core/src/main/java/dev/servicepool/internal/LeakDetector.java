package dev.servicepool.internal;

import java.time.Duration;

import dev.servicepool.PoolSettings;
import dev.servicepool.PoolEvent.Type;

/**
 * Detects leases that are active for longer than the threshold. Guarded by the lock.
 */
final class LeakDetector<Q, R> {

	/** The number of checks per threshold. */
	private static final int CHECKS = 4;

	private final long threshold;

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private long nextCheck;

	LeakDetector(PoolSettings settings, MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder, long now) {
		this.threshold = Nanos.of(settings.leakDetectionThreshold());
		this.registry = registry;
		this.recorder = recorder;
		this.nextCheck = now;
	}

	/** Check the active leases if a check is due. */
	void run(long now) {
		if (this.threshold == 0 || now - this.nextCheck < 0) {
			return;
		}
		this.nextCheck = now + Math.max(1, this.threshold / CHECKS);
		for (Member<Q, R> member : this.registry.all()) {
			for (LeaseRecord record : member.leaseTracker.markSuspected(this.threshold, now)) {
				LeaseRecord.Observed observed = record.observe(now);
				this.recorder.event(
						Type.LEAK_SUSPECTED, "lease active for " + Figures.of(observed.activeFor())
								+ " (leakDetectionThreshold=" + Figures.of(Duration.ofNanos(this.threshold)) + ")",
						member);
				this.recorder.effect(new Effect.ReportLeak<>(member, observed));
			}
		}
	}

	/** Return the time until the next check in nanoseconds. */
	long nanosToNextDeadline(long now) {
		return (this.threshold > 0 && this.registry.slots() > 0) ? this.nextCheck - now : Long.MAX_VALUE;
	}

}
