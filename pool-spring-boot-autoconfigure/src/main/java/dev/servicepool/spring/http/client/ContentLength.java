package dev.servicepool.spring.http.client;

import org.springframework.http.HttpHeaders;

/**
 * Length of a body that a server announces. Some clients accept responses that announce
 * no valid length.
 */
final class ContentLength {

	private static final long UNKNOWN = -1;

	private ContentLength() {
	}

	/**
	 * Return the announced length.
	 * @param response the headers of a response
	 * @return the length, or -1 if it is not known or not valid
	 */
	static long of(HttpHeaders response) {
		try {
			return Math.max(UNKNOWN, response.getContentLength());
		}
		catch (NumberFormatException ex) {
			// Ignore a value that is not a number, as if the field were missing.
			return UNKNOWN;
		}
	}

}
