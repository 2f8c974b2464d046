package dev.servicepool;

/**
 * Hears what a pool does. No method may block; what one throws is logged and otherwise
 * ignored.
 */
public interface PoolListener {

	/**
	 * A decision was made. The events of one pool arrive in order and never two at a
	 * time, on whichever thread is at hand and never under the pool's lock.
	 * @param event the decision
	 */
	default void onEvent(PoolEvent event) {
	}

	/**
	 * A caller got a lease. Called on the caller's thread, for several callers at a time.
	 * @param pool the name of the pool
	 * @param waitedNanos how long the caller waited, in nanoseconds; 0 if a service was
	 * ready at once
	 */
	default void onAcquired(String pool, long waitedNanos) {
	}

}
