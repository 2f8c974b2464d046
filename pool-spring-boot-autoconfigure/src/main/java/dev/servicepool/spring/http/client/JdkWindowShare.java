package dev.servicepool.spring.http.client;

import org.springframework.http.HttpHeaders;

/**
 * Share of a connection that a response may take from other requests. HTTP/2 limits how
 * much data a server may send before the client reads it, per stream and per connection.
 * Large bodies that are not read fill the window of the connection, so that no request on
 * the connection receives any data.
 * <p>
 * The sizes are those of the JDK's client on Java 17 to 25, unless its system properties
 * are set.
 */
public final class JdkWindowShare {

	private static final double STREAM_WINDOW = 16 << 20;

	private static final double CONNECTION_WINDOW = 32 << 20;

	private JdkWindowShare() {
	}

	/**
	 * Return the share of its connection's window that a response may fill.
	 * @param response the headers of a response
	 * @return the share, from 0 to 0.5; 0 if the response was not received over HTTP/2 by
	 * a JDK client, or if the length of its body is not known
	 */
	public static double of(HttpHeaders response) {
		if (!JdkProtocol.isHttp2(response)) {
			return 0;
		}
		long length = Math.max(0, ContentLength.of(response));
		return Math.min(length, STREAM_WINDOW) / CONNECTION_WINDOW;
	}

}
