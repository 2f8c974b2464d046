package dev.servicepool;

/**
 * Exception for a call to a pool that is closed.
 */
public final class PoolClosedException extends PoolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception.
	 * @param poolName the name of the pool
	 * @param message the detail message
	 */
	public PoolClosedException(String poolName, String message) {
		super(poolName, message, null);
	}

}
