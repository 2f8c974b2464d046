package dev.servicepool;

/**
 * The pool is closed.
 */
public final class PoolClosedException extends PoolException {

	private static final long serialVersionUID = 1L;

	PoolClosedException(String pool, String message) {
		super(pool, message, null);
	}

}
