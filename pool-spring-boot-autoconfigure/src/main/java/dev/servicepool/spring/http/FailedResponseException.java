package dev.servicepool.spring.http;

import dev.servicepool.Lease;

/**
 * The cause by which a lease {@linkplain Lease#fail ends} whose request was answered by
 * an error of the server: a status from 500 to 599. Nobody throws it; the caller gets the
 * response.
 */
public final class FailedResponseException extends Exception {

	private static final long serialVersionUID = 1L;

	private final int status;

	FailedResponseException(int status) {
		super("The server has answered " + status, null, false, false);
		this.status = status;
	}

	/**
	 * Return the status code of the response.
	 * @return from 500 to 599
	 */
	public int status() {
		return this.status;
	}

}
