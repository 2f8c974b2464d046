package dev.servicepool;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Predicate;

/**
 * Asks the user which failures are the fault of a service. Any thread; never under the
 * lock.
 */
final class FailureClassifier {

	private static final Logger logger = System.getLogger(Pool.class.getName());

	private final String pool;

	private final Predicate<? super Throwable> predicate;

	/** Whether the predicate has thrown before. Any thread; only saves logging. */
	private volatile boolean failed;

	FailureClassifier(String pool, Predicate<? super Throwable> predicate) {
		this.pool = pool;
		this.predicate = predicate;
	}

	boolean isServiceFailure(Throwable cause) {
		try {
			return this.predicate.test(cause);
		}
		catch (RuntimeException | Error ex) {
			if (!this.failed) {
				this.failed = true;
				logger.log(Level.WARNING, "Pool '" + this.pool + "': failureWhen has thrown, which is taken for yes;"
						+ " this is logged once", ex);
			}
			return true;
		}
	}

}
