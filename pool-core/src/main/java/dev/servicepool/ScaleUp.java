package dev.servicepool;

/**
 * How many services a pool creates when its load is high.
 */
public enum ScaleUp {

	/**
	 * One service at a time, as {@code balance::Pool} of the Rust library tower does. The
	 * callers that still wait when the service is ready may require the next one.
	 */
	SINGLE,

	/**
	 * As many services concurrently as the requests in flight and the waiting callers
	 * need, but at most twice as many as there are. The size of the pool therefore at
	 * most triples with each round of creations.
	 */
	DEMAND

}
