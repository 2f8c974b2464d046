package dev.servicepool.spring.http;

import dev.servicepool.FailureClassifier;
import dev.servicepool.Outcome;
import dev.servicepool.spring.http.client.ClientFailures;

/**
 * Classifies the failures of HTTP requests: error responses, and the exceptions of all
 * HTTP client libraries.
 */
public final class HttpFailures implements FailureClassifier {

	/** The classifier, which has no state. */
	public static final HttpFailures INSTANCE = new HttpFailures();

	private HttpFailures() {
	}

	@Override
	public Outcome classify(Throwable failure) {
		if (failure instanceof FailedResponseException) {
			return Outcome.SERVER_ERROR;
		}
		return ClientFailures.classify(failure);
	}

}
