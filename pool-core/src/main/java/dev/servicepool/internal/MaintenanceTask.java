package dev.servicepool.internal;

/**
 * Work that follows from the state and the time, whatever the event was. Guarded by the
 * lock.
 */
@FunctionalInterface
interface MaintenanceTask {

	/** Perform the work that is due. */
	void run(long now);

	/**
	 * Return the time until the next work is due.
	 * @return the time in nanoseconds, or {@link Long#MAX_VALUE} if no work is scheduled
	 */
	default long nanosToNextRun(long now) {
		return Long.MAX_VALUE;
	}

}
