package dev.servicepool.spring.http;

import java.io.IOException;

/**
 * Recognizes the one failure that says for certain that a request was not sent: an HTTP/2
 * connection carries as many requests as its server allows. The JDK's client has no type
 * for it, only a message.
 */
final class StreamLimit {

	private static final String MESSAGE = "too many concurrent streams";

	private StreamLimit() {
	}

	/**
	 * Whether a request was not sent since its connection carries too many.
	 * @param failure what the client has thrown
	 */
	static boolean isReached(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof IOException && MESSAGE.equals(cause.getMessage())) {
				return true;
			}
		}
		return false;
	}

}
