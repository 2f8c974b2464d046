package dev.servicepool.spring.http;

import org.springframework.http.HttpHeaders;

/**
 * How much of a connection a response may keep from others. HTTP/2 lets a server send
 * only so much ahead of what the client has read: per stream, and per connection for all
 * streams together. Large bodies that nobody reads on fill that window, and then no
 * request on the connection gets anything.
 * <p>
 * The sizes are those of the JDK's client on Java 17 to 25, unless somebody sets its
 * system properties.
 */
final class WindowShare {

	private static final double STREAM_WINDOW = 16 << 20;

	private static final double CONNECTION_WINDOW = 32 << 20;

	private WindowShare() {
	}

	/**
	 * Return the share of its connection's window that a response may fill.
	 * @param response the headers of a response by HTTP/2
	 * @return from 0 to 0.5; 0 if the length of its body is not known
	 */
	static double of(HttpHeaders response) {
		long length = Math.max(0, response.getContentLength());
		return Math.min(length, STREAM_WINDOW) / CONNECTION_WINDOW;
	}

}
