package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * Why a caller gets no service. Decided under the lock; the caller makes the exception,
 * so that it has the caller's stack trace and costs the others nothing.
 *
 * @param reason the kind of exception
 * @param message what it says
 * @param longestActive the lease that is held the longest, if it matters and is known
 * @param cause what it was caused by, if anything
 */
record Rejection(Reason reason, String message, LeaseRecord.@Nullable Seen longestActive, @Nullable Throwable cause) {

	enum Reason {

		TIMED_OUT, OVERLOADED, NO_SERVICE, CLOSED

	}

	PoolException toException(String pool) {
		return switch (this.reason) {
			case TIMED_OUT -> new AcquireTimeoutException(pool, this.message + longestActiveText(), this.cause);
			case OVERLOADED -> new PoolOverloadedException(pool, this.message);
			case NO_SERVICE -> new NoServiceException(pool, this.message, this.cause);
			case CLOSED -> new PoolClosedException(pool, this.message);
		};
	}

	private String longestActiveText() {
		return (this.longestActive != null) ? "; the lease held the longest was " + this.longestActive.describe() : "";
	}

}
