package dev.servicepool.spring.http;

import java.io.IOException;

import dev.servicepool.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Exception that is thrown if the deadline of a request is over before its response
 * begins.
 */
public final class DeadlineExceededException extends IOException {

	private static final long serialVersionUID = 1L;

	private final Outcome outcome;

	DeadlineExceededException(String message, Outcome outcome, @Nullable Throwable cause) {
		super(message, cause);
		this.outcome = outcome;
	}

	/** Return what the end of the deadline shows about the service. */
	Outcome outcome() {
		return this.outcome;
	}

}
