package dev.servicepool.spring.options;

/**
 * Methods of requests that may be sent again, because processing them twice has the same
 * effect. Other requests must carry an {@code Idempotency-Key} header or be declared
 * retryable.
 */
public enum RetryMethod {

	/** Reads a resource. */
	GET,

	/** Reads the header of a resource. */
	HEAD,

	/** Reads what a resource supports. */
	OPTIONS,

	/** Returns the request. */
	TRACE,

	/** Reads the result of the query in the body. */
	QUERY,

	/** Replaces a resource. */
	PUT,

	/** Deletes a resource. */
	DELETE

}
