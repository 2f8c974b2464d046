package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The failures that say that a request was not sent, or that the server has not looked at
 * it. The JDK's client has types for hardly any of them, only messages; each was seen on
 * each JDK this is tested on.
 * <p>
 * What they say is true of the last request that the client has sent. The client may have
 * sent others before, since it follows redirects by itself: see {@link WatchedCall}.
 */
enum UnsentRequest {

	/** The connection carries as many requests as its server allows: nothing was sent. */
	STREAM_LIMIT,

	/**
	 * The server has reset the stream and said by the code of the reset that it has not
	 * begun to work on the request, or has said so of a connection that it is about to
	 * close.
	 */
	NOT_PROCESSED,

	/** There was no connection to be had. */
	NO_CONNECTION;

	private static final Map<String, UnsentRequest> MESSAGES = Map.of("too many concurrent streams", STREAM_LIMIT,
			// JDK 17, which says nothing certain about a connection that is to be closed
			"Received RST_STREAM: Stream not processed", NOT_PROCESSED,
			// JDK 25, which has sent the request a second time then
			"request not processed by peer", NOT_PROCESSED);

	/**
	 * Return why a request was not sent, or {@code null} if it may have been.
	 * @param failure what the client has thrown
	 */
	static @Nullable UnsentRequest by(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ConnectException) {
				return NO_CONNECTION;
			}
			UnsentRequest unsent = (cause instanceof IOException && cause.getMessage() != null)
					? MESSAGES.get(cause.getMessage()) : null;
			if (unsent != null) {
				return unsent;
			}
		}
		return null;
	}

}
