package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

import dev.servicepool.Pool;
import dev.servicepool.PoolSettings;

/**
 * Logs suspected lease leaks, and their end. Never under the lock, because it calls
 * {@code toString()} of user objects.
 */
final class LeakLog {

	private static final Logger logger = System.getLogger(Pool.class.getName());

	private final String pool;

	private final Duration threshold;

	LeakLog(String pool, PoolSettings settings) {
		this.pool = pool;
		this.threshold = settings.leakDetectionThreshold();
	}

	void suspected(Member<?, ?> member, LeaseRecord.Observed observed) {
		logger.log(Level.WARNING,
				"Pool '" + this.pool + "': possible lease leak: lease of " + member + " was " + observed.describe()
						+ ". End the lease (close the HTTP response), or increase leakDetectionThreshold ("
						+ Figures.of(this.threshold) + ").",
				observed.record().stackTrace);
	}

	void ended(Member<?, ?> member, LeaseRecord.Observed observed) {
		logger.log(Level.INFO, "Pool '" + this.pool + "': possible lease leak resolved: lease of " + member
				+ " has ended, it was " + observed.describe());
	}

}
