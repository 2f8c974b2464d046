package dev.servicepool;

/**
 * Result of a readiness poll of a {@link Service}.
 */
public enum Readiness {

	/** The service accepts one request now. The pool polls it again before the next. */
	READY,

	/**
	 * The service accepts no request now. It runs the given wake-up callback when this
	 * changes.
	 */
	PENDING,

	/**
	 * The service accepts requests whenever it is below its concurrency limit. If its
	 * first poll returns this value, the pool does not poll the service again.
	 */
	ALWAYS

}
