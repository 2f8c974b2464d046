package dev.servicepool;

/**
 * A caller was turned away at once because {@code maxWaiting} callers were waiting
 * already. It carries no stack trace, so that turning away costs next to nothing.
 */
public final class PoolOverloadedException extends PoolException {

	private static final long serialVersionUID = 1L;

	PoolOverloadedException(String pool, String message) {
		super(pool, message, false);
	}

}
