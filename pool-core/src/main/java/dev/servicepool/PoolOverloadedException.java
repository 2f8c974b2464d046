package dev.servicepool;

/**
 * Exception for a caller that is rejected immediately because {@code maxWaiting} callers
 * are waiting already, or after 150 ms because the pool remains overloaded. A pool
 * creates this exception without a stack trace, so that rejections under load are cheap.
 */
public final class PoolOverloadedException extends PoolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an exception without a stack trace.
	 * @param poolName the name of the pool
	 * @param message the detail message
	 */
	public PoolOverloadedException(String poolName, String message) {
		super(poolName, message, false);
	}

}
