package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * A caller waited for a service for as long as it was ready to, in vain.
 */
public final class AcquireTimeoutException extends PoolException {

	private static final long serialVersionUID = 1L;

	AcquireTimeoutException(String pool, String message, @Nullable Throwable lastCreationFailure) {
		super(pool, message, lastCreationFailure);
	}

}
