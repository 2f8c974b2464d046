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

	/**
	 * Whether this listener wants to hear {@link #onReleased}. Asked at each lease, so it
	 * must be quick.
	 * @return {@code false} unless overridden; then a pool need not time its leases
	 */
	default boolean timesLeases() {
		return false;
	}

	/**
	 * A lease has ended and given back its place. Called on the thread that ended it, for
	 * several leases at a time, if {@link #timesLeases()} said so when it was taken and
	 * when it ended.
	 * @param pool the name of the pool
	 * @param activeNanos how long the lease was held, in nanoseconds
	 */
	default void onReleased(String pool, long activeNanos) {
	}

	/**
	 * A service was made and joins. Called on the thread that made it.
	 * @param pool the name of the pool
	 * @param elapsedNanos how long that took, with the first question whether it is
	 * ready, in nanoseconds
	 */
	default void onCreated(String pool, long elapsedNanos) {
	}

	/**
	 * The pool is closed. Called once, when its services have closed or
	 * {@code closeTimeout} is over; a few last events of what took longer may follow.
	 * @param pool the name of the pool
	 */
	default void onClosed(String pool) {
	}

}
