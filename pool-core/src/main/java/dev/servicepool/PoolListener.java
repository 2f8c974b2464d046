package dev.servicepool;

/**
 * Listener for the events of a pool. A method must not block. If a method throws an
 * exception, the pool logs the exception and otherwise ignores it.
 *
 * @see PoolBuilder#listener(PoolListener)
 * @see TimingListener
 */
@FunctionalInterface
public interface PoolListener {

	/**
	 * Handle an event. The events of one pool arrive in order and one at a time, on any
	 * thread, and never under the pool's lock.
	 * @param event the event
	 */
	void onEvent(PoolEvent event);

	/**
	 * Handle the closing of a pool. Called once, when all services are closed or
	 * {@code closeTimeout} has passed. Events of services that close later may follow.
	 * @param pool the name of the pool
	 */
	default void onClosed(String pool) {
	}

}
