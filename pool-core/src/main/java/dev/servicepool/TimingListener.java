package dev.servicepool;

/**
 * Listener for the durations that a pool measures. A pool without a timing listener does
 * not measure durations. A method must not block, and several threads may call it
 * concurrently. If a method throws an exception, the pool logs the exception and
 * otherwise ignores it.
 *
 * @see PoolBuilder#timingListener(TimingListener)
 */
public interface TimingListener {

	/**
	 * Handle the time that a caller waited for a lease. Called on the caller's thread.
	 * @param pool the name of the pool
	 * @param waitNanos the wait in nanoseconds; 0 if a service was ready
	 */
	default void onAcquired(String pool, long waitNanos) {
	}

	/**
	 * Handle the time for which a lease was active. Called on the thread that ended the
	 * lease, after the permit is released.
	 * @param pool the name of the pool
	 * @param activeNanos the time between the start and the end of the lease, in
	 * nanoseconds
	 */
	default void onReleased(String pool, long activeNanos) {
	}

	/**
	 * Handle the time that the creation of a service took. Called on the thread that
	 * created the service, after the service joined the pool.
	 * @param pool the name of the pool
	 * @param creationNanos the duration of the creation in nanoseconds, including the
	 * first readiness poll
	 */
	default void onCreated(String pool, long creationNanos) {
	}

}
