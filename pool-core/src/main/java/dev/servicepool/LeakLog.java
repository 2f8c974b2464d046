package dev.servicepool;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Tells the user of leases that may never end, and of those that did after all. Never
 * under the lock: it calls foreign code to find words.
 */
final class LeakLog {

	private static final Logger logger = System.getLogger(Pool.class.getName());

	private final String pool;

	private final Duration threshold;

	LeakLog(String pool, PoolSettings settings) {
		this.pool = pool;
		this.threshold = settings.leakDetectionThreshold();
	}

	void suspected(Member<?, ?> member, LeaseRecord.Seen seen) {
		logger.log(Level.WARNING,
				"Pool '" + this.pool + "': a lease of " + member + " may never end, it was " + seen.describe()
						+ ". End it (an HTTP response must be closed), or raise leakDetectionThreshold, which is "
						+ Figures.of(this.threshold),
				seen.record().stackTrace);
	}

	void ended(Member<?, ?> member, LeaseRecord.Seen seen) {
		logger.log(Level.INFO,
				"Pool '" + this.pool + "': a lease of " + member + " has ended after all, it was " + seen.describe());
	}

}
