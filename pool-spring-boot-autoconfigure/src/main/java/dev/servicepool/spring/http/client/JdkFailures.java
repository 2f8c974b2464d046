package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.servicepool.Outcome;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Classifies the failures that only the JDK's client reports, most of which differ only
 * by their messages.
 */
final class JdkFailures {

	private static final Log logger = LogFactory.getLog(JdkFailures.class);

	/** Whether an unknown message was logged. Used by any thread. */
	private static final AtomicBoolean logged = new AtomicBoolean();

	private JdkFailures() {
	}

	static @Nullable Outcome classify(Throwable cause) {
		if (cause instanceof HttpConnectTimeoutException || isRefused(cause)) {
			return Outcome.NOT_SENT;
		}
		if (cause instanceof HttpTimeoutException) {
			return Outcome.NO_RESPONSE;
		}
		if (!(cause instanceof IOException) || cause.getMessage() == null) {
			return null;
		}
		String message = cause.getMessage();
		if (message.startsWith(Undocumented.RESET) && !Undocumented.OUT_OF_STEP.contains(message)) {
			return Outcome.SERVER_ERROR;
		}
		// The request factory closes the body when the read timeout ends.
		if (message.startsWith(Undocumented.CANCELED)) {
			return Outcome.NO_RESPONSE;
		}
		if (Undocumented.CLOSED.contains(message) && cause.getCause() == null) {
			return Undocumented.isFromBody(cause) ? Outcome.NO_RESPONSE : Outcome.BROKEN;
		}
		return Undocumented.BROKEN.contains(message) ? Outcome.BROKEN : null;
	}

	/** Return whether the connection or the server refused a request. */
	static boolean isRefused(Throwable cause) {
		return hasMessage(cause, Undocumented.REFUSED);
	}

	/** Return whether the client itself refused a request. */
	static boolean isStreamLimit(Throwable cause) {
		return hasMessage(cause, Undocumented.STREAM_LIMIT);
	}

	/** Return whether the server has announced the end of the connection. */
	static boolean isShutdown(Throwable cause) {
		return cause instanceof IOException && cause.getMessage() != null
				&& cause.getMessage().endsWith(Undocumented.SHUTDOWN);
	}

	private static boolean hasMessage(Throwable cause, Set<String> messages) {
		return cause instanceof IOException && cause.getMessage() != null && messages.contains(cause.getMessage());
	}

	/** Log the first failure whose message is not known. */
	static void logIfUnknown(String pool, Throwable failure) {
		if (!logged.get() && Undocumented.isUnknown(failure) && logged.compareAndSet(false, true)) {
			logger.info("Pool '" + pool + "': the HTTP client of Java " + Runtime.version()
					+ " reported an unknown failure, which counts as a lost connection. Further unknown failures are"
					+ " not logged.", failure);
		}
	}

}
