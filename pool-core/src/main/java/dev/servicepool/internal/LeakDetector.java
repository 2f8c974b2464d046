package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

import dev.servicepool.internal.leak.LeaseRecord;
import dev.servicepool.internal.util.Figures;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.internal.util.PoolLogger;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolEvent.Type;

/**
 * Detects leases that are active for longer than the threshold. Guarded by the lock,
 * except for the log, which calls {@code toString()} of user objects.
 */
final class LeakDetector<Q, R> implements MaintenanceTask {

	private static final Logger logger = PoolLogger.get();

	/** The number of checks per threshold. */
	private static final int CHECKS = 4;

	private final String pool;

	private final long threshold;

	private final MemberRegistry<Q, R> registry;

	private final EventRecorder<Q, R> recorder;

	private long nextCheck;

	LeakDetector(String pool, PoolSettings settings, MemberRegistry<Q, R> registry, EventRecorder<Q, R> recorder,
			long now) {
		this.pool = pool;
		this.threshold = Nanos.of(settings.leakDetectionThreshold());
		this.registry = registry;
		this.recorder = recorder;
		this.nextCheck = now;
	}

	/** Check the active leases if a check is due. */
	@Override
	public void run(long now) {
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
				this.recorder.effect(new Effect.Report<>(() -> logSuspected(member, observed)));
			}
		}
	}

	private void logSuspected(Member<Q, R> member, LeaseRecord.Observed observed) {
		logger.log(Level.WARNING,
				"Pool '" + this.pool + "': possible lease leak: lease of " + member + " was " + observed.describe()
						+ ". End the lease (close the HTTP response), or increase leakDetectionThreshold ("
						+ Figures.of(Duration.ofNanos(this.threshold)) + ").",
				observed.record().stackTrace);
	}

	/** Log that a lease has ended that was reported. Never under the lock. */
	static void logEnded(String pool, Member<?, ?> member, LeaseRecord.Observed observed) {
		logger.log(Level.INFO, "Pool '" + pool + "': possible lease leak resolved: lease of " + member
				+ " has ended, it was " + observed.describe());
	}

	@Override
	public long nanosToNextRun(long now) {
		return (this.threshold > 0 && this.registry.slots() > 0) ? this.nextCheck - now : Long.MAX_VALUE;
	}

}
