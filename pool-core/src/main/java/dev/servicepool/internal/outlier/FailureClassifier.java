package dev.servicepool.internal.outlier;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Predicate;

import dev.servicepool.internal.util.PoolLogger;

/**
 * Asks the user's {@code failureWhen} predicate whether a failure is a service failure.
 * Any thread; never under the lock.
 */
public final class FailureClassifier {

	private static final Logger logger = PoolLogger.get();

	private final String pool;

	private final Predicate<? super Throwable> predicate;

	/** Whether the predicate has thrown an exception. Any thread; only limits logging. */
	private volatile boolean failed;

	public FailureClassifier(String pool, Predicate<? super Throwable> predicate) {
		this.pool = pool;
		this.predicate = predicate;
	}

	public boolean isServiceFailure(Throwable cause) {
		try {
			return this.predicate.test(cause);
		}
		catch (RuntimeException | Error ex) {
			if (!this.failed) {
				this.failed = true;
				logger.log(Level.WARNING,
						"Pool '" + this.pool + "': failureWhen threw an exception; the failed call counts as a"
								+ " service failure. Further exceptions of failureWhen are not logged.",
						ex);
			}
			return true;
		}
	}

}
