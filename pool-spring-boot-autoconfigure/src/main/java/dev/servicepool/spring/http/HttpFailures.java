package dev.servicepool.spring.http;

import java.io.InterruptedIOException;

import dev.servicepool.FailureClassifier;
import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.spring.http.client.ClientFailures;

/**
 * Classifies the failures of HTTP requests: error responses, exceeded deadlines, and the
 * exceptions of all HTTP client libraries.
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
		if (failure instanceof DeadlineExceededException exceeded) {
			return exceeded.outcome();
		}
		return ClientFailures.classify(failure);
	}

	/**
	 * End a lease because of a failure, which may be that of the caller.
	 */
	static void fail(Lease<?, ?> lease, Throwable cause) {
		if (INSTANCE.classify(cause) == Outcome.CALLER) {
			lease.close();
		}
		else {
			lease.fail(cause);
		}
	}

	/**
	 * Return the exception for an interrupted request, and restore the interrupt flag.
	 */
	static InterruptedIOException interrupted(String message, InterruptedException cause) {
		Thread.currentThread().interrupt();
		InterruptedIOException exception = new InterruptedIOException(message);
		exception.initCause(cause);
		return exception;
	}

}
