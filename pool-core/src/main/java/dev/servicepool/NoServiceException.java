package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * The pool has no service and its last attempt to make one failed; the cause says why.
 */
public final class NoServiceException extends PoolException {

	private static final long serialVersionUID = 1L;

	NoServiceException(String pool, String message, @Nullable Throwable cause) {
		super(pool, message, cause);
	}

}
