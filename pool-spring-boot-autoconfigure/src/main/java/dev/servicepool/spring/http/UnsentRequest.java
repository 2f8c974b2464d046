package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Failures which show that a request was not sent, or that the server has not processed
 * it. The JDK's client reports most of them only through messages. Each message was
 * observed on each JDK that this project is tested on.
 * <p>
 * A failure refers to the last request that the client sent. The client may have sent
 * other requests before, because it follows redirects itself: see {@link WatchedCall}.
 */
enum UnsentRequest {

	/**
	 * The connection carries as many requests as its server allows, so that nothing was
	 * sent.
	 */
	STREAM_LIMIT,

	/**
	 * The server reset the stream with a code which states that it has not processed the
	 * request, or stated the same for a connection that it is about to close.
	 */
	NOT_PROCESSED,

	/** No connection could be established. */
	NO_CONNECTION;

	private static final Map<String, UnsentRequest> MESSAGES = Map.of("too many concurrent streams", STREAM_LIMIT,
			// JDK 17, which reports nothing definite about a connection that is being
			// closed
			"Received RST_STREAM: Stream not processed", NOT_PROCESSED,
			// JDK 25, which has already sent the request a second time
			"request not processed by peer", NOT_PROCESSED);

	/**
	 * Return the reason why a request was not sent, or {@code null} if it may have been
	 * sent.
	 * @param failure the exception that the client threw
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
