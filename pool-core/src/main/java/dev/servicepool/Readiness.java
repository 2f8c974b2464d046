package dev.servicepool;

/**
 * What a {@link Service} says when it is asked whether it can take one more request.
 */
public enum Readiness {

	/** The service can take a request now; it is asked again before the next one. */
	READY,

	/** The service can take nothing now; it calls the given wake-up when that changes. */
	PENDING,

	/**
	 * The service can take requests whenever it is below the pool's concurrency limit,
	 * and need not be asked again.
	 */
	ALWAYS

}
