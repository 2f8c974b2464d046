package dev.servicepool.internal.outlier;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Predicate;

import dev.servicepool.FailureClassifier;
import dev.servicepool.Outcome;
import dev.servicepool.internal.util.PoolLogger;

/**
 * Classifies failures by the rules of the user and of the client. Any thread; never under
 * the lock.
 */
public final class FailureRules {

	/** The rule that each failure counts against its service. */
	public static final Predicate<Throwable> EACH = (failure) -> true;

	private static final Logger logger = PoolLogger.get();

	private final String pool;

	private final FailureClassifier classifier;

	private final Predicate<? super Throwable> failureWhen;

	private final Predicate<? super Throwable> brokenWhen;

	/** Whether a rule has thrown an exception. Any thread; only limits logging. */
	private volatile boolean failed;

	public FailureRules(String pool, FailureClassifier classifier, Predicate<? super Throwable> failureWhen,
			Predicate<? super Throwable> brokenWhen) {
		this.pool = pool;
		this.classifier = classifier;
		this.failureWhen = failureWhen;
		this.brokenWhen = brokenWhen;
	}

	/**
	 * Return whether nothing is known about the connections of services, so that the
	 * times of requests are not needed.
	 */
	public boolean isGeneric() {
		return this.classifier == FailureClassifier.GENERIC;
	}

	/**
	 * Return whether each failure counts against its service, so that no error is a
	 * response whose time is needed.
	 */
	public boolean ignoresNothing() {
		return this.failureWhen == EACH;
	}

	/** Classify a failure. If a rule fails, the failure counts against the service. */
	public Outcome classify(Throwable failure) {
		try {
			if (!this.failureWhen.test(failure)) {
				return Outcome.CLIENT_ERROR;
			}
			return this.brokenWhen.test(failure) ? Outcome.BROKEN : this.classifier.classify(failure);
		}
		catch (Throwable ex) {
			if (!this.failed) {
				this.failed = true;
				logger.log(Level.WARNING,
						"Pool '" + this.pool + "': failureWhen, brokenWhen, or the FailureClassifier threw an"
								+ " exception; the failed call counts as a service failure. Further exceptions are"
								+ " not logged.",
						ex);
			}
			return Outcome.SERVER_ERROR;
		}
	}

}
