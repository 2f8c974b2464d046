package dev.servicepool.spring.http;

import io.micrometer.observation.Observation;

/**
 * Context of the observation of one further attempt of a request.
 */
public final class PoolAttemptContext extends Observation.Context {

	private final String poolName;

	private final String targetName;

	private final String reason;

	/**
	 * Create a context.
	 * @param poolName the name of the pool
	 * @param targetName the name of the target of the attempt
	 * @param reason the reason for the attempt
	 */
	public PoolAttemptContext(String poolName, String targetName, String reason) {
		this.poolName = poolName;
		this.targetName = targetName;
		this.reason = reason;
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public String getPoolName() {
		return this.poolName;
	}

	/**
	 * Return the name of the target of the attempt.
	 * @return the name
	 */
	public String getTargetName() {
		return this.targetName;
	}

	/**
	 * Return why the attempt before did not suffice.
	 * @return {@code not-sent}, {@code connection-lost}, {@code timeout}, {@code broken},
	 * {@code status}, or {@code hedge}
	 */
	public String getReason() {
		return this.reason;
	}

}
