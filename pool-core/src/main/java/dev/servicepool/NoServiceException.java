package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * Exception for a call to a pool that has no service and whose last attempt to create one
 * failed. The cause is the failure of that attempt.
 */
public final class NoServiceException extends PoolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param poolName the name of the pool
	 * @param message the detail message
	 * @param cause the failure of the last attempt to create a service, or {@code null}
	 */
	public NoServiceException(String poolName, String message, @Nullable Throwable cause) {
		super(poolName, message, cause);
	}

}
