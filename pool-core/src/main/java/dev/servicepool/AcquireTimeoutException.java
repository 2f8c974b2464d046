package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * Exception for a caller whose wait for a service timed out.
 */
public final class AcquireTimeoutException extends PoolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param poolName the name of the pool
	 * @param message the detail message
	 * @param cause the failure of the last attempt to create a service, or {@code null}
	 */
	public AcquireTimeoutException(String poolName, String message, @Nullable Throwable cause) {
		super(poolName, message, cause);
	}

}
