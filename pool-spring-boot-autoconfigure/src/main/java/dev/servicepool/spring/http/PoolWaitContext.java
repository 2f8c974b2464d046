package dev.servicepool.spring.http;

import io.micrometer.observation.Observation;

/**
 * Context of the observation of one wait for a lease of a pool.
 */
public final class PoolWaitContext extends Observation.Context {

	private final String poolName;

	/**
	 * Create a context.
	 * @param poolName the name of the pool
	 */
	public PoolWaitContext(String poolName) {
		this.poolName = poolName;
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public String getPoolName() {
		return this.poolName;
	}

}
