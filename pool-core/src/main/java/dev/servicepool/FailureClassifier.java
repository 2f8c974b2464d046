package dev.servicepool;

/**
 * Classifies the failures of requests. The classifier of a client knows the exceptions
 * that this client throws.
 */
@FunctionalInterface
public interface FailureClassifier {

	/**
	 * Classifier for services about whose exceptions nothing is known. An
	 * {@link InterruptedException} comes from the caller, and any other exception is a
	 * failure of the service.
	 */
	FailureClassifier GENERIC = (failure) -> (failure instanceof InterruptedException) ? Outcome.CALLER
			: Outcome.SERVER_ERROR;

	/**
	 * Classify a failure. Any thread may call this method, which must not block.
	 * @param failure the exception that was passed to {@link Lease#fail}
	 * @return the outcome of the request
	 */
	Outcome classify(Throwable failure);

}
