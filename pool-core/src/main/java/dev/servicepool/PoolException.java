package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * Superclass of the exceptions that a pool throws if no service is available. Each
 * subclass represents one reason, so that callers can handle the reasons differently. A
 * pool propagates the exceptions of its services unchanged.
 */
public abstract class PoolException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String poolName;

	PoolException(String poolName, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.poolName = poolName;
	}

	PoolException(String poolName, String message, boolean writableStackTrace) {
		super(message, null, false, writableStackTrace);
		this.poolName = poolName;
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public final String getPoolName() {
		return this.poolName;
	}

}
