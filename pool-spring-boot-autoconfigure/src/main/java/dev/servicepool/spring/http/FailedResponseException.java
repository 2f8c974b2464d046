package dev.servicepool.spring.http;

import dev.servicepool.Lease;

/**
 * Cause that is passed to {@link Lease#fail} if the server responded with a status from
 * 500 to 599, or with another status that is configured as a failure. This exception is
 * never thrown, because the caller receives the response.
 */
public final class FailedResponseException extends Exception {

	private static final long serialVersionUID = 1L;

	private final int status;

	FailedResponseException(int status) {
		super("Server responded with status " + status, null, false, false);
		this.status = status;
	}

	/**
	 * Return the status code of the response.
	 * @return the status code, from 400 to 599
	 */
	public int status() {
		return this.status;
	}

}
