package dev.servicepool.spring.options;

import dev.servicepool.Outcome;

/**
 * Failures after which a request may be sent again, as the property {@code failures}
 * names them.
 */
public enum RetryFailure {

	/** The connection was lost before the response was complete. */
	CONNECTION_LOST(Outcome.CONNECTION_LOST),

	/** No response arrived in time. */
	TIMEOUT(Outcome.NO_RESPONSE);

	private final Outcome outcome;

	RetryFailure(Outcome outcome) {
		this.outcome = outcome;
	}

	/**
	 * Return the outcome of the requests that fail in this way.
	 * @return the outcome
	 */
	public Outcome outcome() {
		return this.outcome;
	}

}
