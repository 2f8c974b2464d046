package dev.servicepool.benchmarks.contender;

/**
 * Pool or balancer whose services callers acquire and release.
 */
public interface Contender extends AutoCloseable {

	/**
	 * Acquire a service. Waits until a service is available.
	 * @return the object to release
	 * @throws Exception if no service is available in time
	 */
	Object acquire() throws Exception;

	/**
	 * Release a service.
	 * @param acquired the object that {@link #acquire()} returned
	 * @throws Exception if the service cannot be released
	 */
	void release(Object acquired) throws Exception;

	@Override
	void close();

}
