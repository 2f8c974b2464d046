package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

import dev.servicepool.FailureClassifier;
import dev.servicepool.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Classifies the failures of HTTP requests. The JDK's client reports most causes only
 * through messages. Each message was observed on Java 17 or 25.
 * <p>
 * A failure refers to the last request that the client sent. The client may have sent
 * other requests before, because it follows redirects itself: see {@link WatchedCall}.
 */
public final class JdkFailures implements FailureClassifier {

	/** The message of a client that has reached the limit of its connection. */
	private static final Set<String> STREAM_LIMIT = Set.of("too many concurrent streams");

	/**
	 * The messages after which the server has not processed the request: it reset the
	 * stream with a code which states this, or it stated the same for a connection that
	 * it is about to close. Java 17 reports only the first one. Java 25 has already sent
	 * the request a second time.
	 */
	private static final Set<String> REFUSED = Set.of("too many concurrent streams",
			"Received RST_STREAM: Stream not processed", "request not processed by peer");

	/** The message of a client whose only thread for network events has ended. */
	private static final Set<String> BROKEN = Set.of("selector manager closed");

	/**
	 * The message of a client that was closed since Java 21. With a cause, it is the
	 * message of a body that cannot be read to its end.
	 */
	private static final Set<String> CLOSED = Set.of("closed");

	/** The beginning of the message after the server has reset one stream. */
	private static final String RESET = "Received RST_STREAM";

	/**
	 * The messages after the server has lost track of the streams of a connection, for
	 * example because it is about to close the connection.
	 */
	private static final Set<String> OUT_OF_STEP = Set.of(RESET + ": Protocol error", RESET + ": Stream is closed");

	/** The classifier, which has no state. */
	static final JdkFailures INSTANCE = new JdkFailures();

	/**
	 * Return whether the connection or the server refused a request because of others in
	 * flight, so that the same service can send it later.
	 */
	static boolean isRefused(Throwable failure) {
		return anyMessage(failure, REFUSED);
	}

	/** Return whether the client itself refused a request. */
	static boolean isStreamLimit(Throwable failure) {
		return anyMessage(failure, STREAM_LIMIT);
	}

	private static boolean anyMessage(Throwable failure, Set<String> messages) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
			.anyMatch((cause) -> hasMessage(cause, messages));
	}

	@Override
	public Outcome classify(Throwable failure) {
		if (failure instanceof FailedResponseException response) {
			return (response.status() >= 500) ? Outcome.SERVER_ERROR : Outcome.CLIENT_ERROR;
		}
		if (failure instanceof RejectedExecutionException) {
			// The thread for network events ends if the executor rejects its tasks.
			return Outcome.BROKEN;
		}
		if (!(failure instanceof IOException)) {
			// An interceptor or the application has failed.
			return Outcome.CALLER;
		}
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			Outcome outcome = classifyCause(cause);
			if (outcome != null) {
				return outcome;
			}
		}
		return Outcome.CONNECTION_LOST;
	}

	private static @Nullable Outcome classifyCause(Throwable cause) {
		if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
			return Outcome.NOT_SENT;
		}
		if (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException) {
			return Outcome.NO_RESPONSE;
		}
		if (cause instanceof ClosedByInterruptException || cause instanceof InterruptedIOException
				|| cause instanceof InterruptedException) {
			return Outcome.CALLER;
		}
		if (cause instanceof CertificateException) {
			// The client itself rejects the server during the handshake. A server rejects
			// a client by an alert, which may arrive after the request.
			return Outcome.NOT_SENT;
		}
		if (hasMessage(cause, REFUSED)) {
			return Outcome.NOT_SENT;
		}
		if (cause instanceof ProtocolException || (cause.getMessage() != null && cause.getMessage().startsWith(RESET)
				&& !OUT_OF_STEP.contains(cause.getMessage()))) {
			return Outcome.SERVER_ERROR;
		}
		boolean broken = hasMessage(cause, BROKEN) || (hasMessage(cause, CLOSED) && cause.getCause() == null);
		return broken ? Outcome.BROKEN : null;
	}

	private static boolean hasMessage(Throwable cause, Set<String> messages) {
		return cause instanceof IOException && cause.getMessage() != null && messages.contains(cause.getMessage());
	}

}
