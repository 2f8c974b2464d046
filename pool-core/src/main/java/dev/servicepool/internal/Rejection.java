package dev.servicepool.internal;

import dev.servicepool.internal.leak.LeaseRecord;
import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.NoServiceException;
import dev.servicepool.PoolClosedException;
import dev.servicepool.PoolException;
import dev.servicepool.PoolOverloadedException;
import org.jspecify.annotations.Nullable;

/**
 * Reason why a caller receives no service. The pool decides under the lock. The caller
 * creates the exception without the lock, so that the exception has the caller's stack
 * trace and does not delay other threads.
 *
 * @param reason the type of the exception
 * @param message the message, without the name of the pool
 * @param longestActive the longest active lease, if relevant and known
 * @param cause the cause, if any
 */
record Rejection(Reason reason, String message, LeaseRecord.@Nullable Observed longestActive,
		@Nullable Throwable cause) {

	enum Reason {

		TIMED_OUT, OVERLOADED, NO_SERVICE, CLOSED

	}

	PoolException toException(String pool) {
		String text = "Pool '" + pool + "': " + this.message;
		return switch (this.reason) {
			case TIMED_OUT -> new AcquireTimeoutException(pool, text + longestActiveText(), this.cause);
			case OVERLOADED -> new PoolOverloadedException(pool, text);
			case NO_SERVICE -> new NoServiceException(pool, text, this.cause);
			case CLOSED -> new PoolClosedException(pool, text);
		};
	}

	private String longestActiveText() {
		return (this.longestActive != null) ? "; longest active lease: " + this.longestActive.describe() : "";
	}

}
