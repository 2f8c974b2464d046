package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import javax.net.ssl.SSLPeerUnverifiedException;

import dev.servicepool.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.FilteredHostException;

/**
 * Failures of HTTP clients. The adapters know the exceptions of their libraries, and this
 * class those that several libraries have in common.
 * <p>
 * A failure refers to the last request that the client sent. The client may have sent
 * other requests before, because it follows redirects itself.
 */
public final class ClientFailures {

	private ClientFailures() {
	}

	/**
	 * Classify a failure of a client.
	 * @param failure the exception that the client has thrown
	 * @return the outcome of the request
	 */
	public static Outcome classify(Throwable failure) {
		if (!(failure instanceof IOException)) {
			Outcome outcome = classifyByLibrary(failure);
			if (outcome != null) {
				return outcome;
			}
			// The thread for network events ends if the executor rejects its tasks.
			// Otherwise, an interceptor or the application has failed.
			return (failure instanceof RejectedExecutionException) ? Outcome.BROKEN : Outcome.CALLER;
		}
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			Outcome outcome = classifyByLibrary(cause);
			outcome = (outcome != null) ? outcome : classifyByType(cause);
			if (outcome != null) {
				return outcome;
			}
		}
		return Outcome.CONNECTION_LOST;
	}

	/**
	 * Classify an exception of a library, or of the filter that Boot adds to each client.
	 */
	private static @Nullable Outcome classifyByLibrary(Throwable cause) {
		if (cause instanceof FilteredHostException) {
			return Outcome.NOT_SENT;
		}
		for (ClientAdapter adapter : ClientAdapter.all()) {
			Outcome outcome = adapter.classify(cause);
			if (outcome != null) {
				return outcome;
			}
		}
		return null;
	}

	private static @Nullable Outcome classifyByType(Throwable cause) {
		if (cause instanceof ConnectException || cause instanceof UnknownHostException
				|| cause instanceof NoRouteToHostException) {
			return Outcome.NOT_SENT;
		}
		if (cause instanceof SocketTimeoutException timeout) {
			return Undocumented.isConnectTimeout(timeout) ? Outcome.NOT_SENT : Outcome.NO_RESPONSE;
		}
		if (cause instanceof TimeoutException) {
			return Outcome.NO_RESPONSE;
		}
		if (cause instanceof ClosedByInterruptException || cause instanceof InterruptedIOException
				|| cause instanceof InterruptedException) {
			return Outcome.CALLER;
		}
		if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
			// The client itself rejects the server during the handshake. A server rejects
			// a client by an alert, which may arrive after the request.
			return Outcome.NOT_SENT;
		}
		return (cause instanceof ProtocolException) ? Outcome.SERVER_ERROR : null;
	}

	/**
	 * Log a failure that no adapter knows, so that its classification can be checked.
	 * Only the first one is logged.
	 * @param pool the name of the pool
	 * @param failure the exception that the client has thrown
	 */
	public static void logIfUnknown(String pool, Throwable failure) {
		if (classify(failure) == Outcome.CONNECTION_LOST) {
			JdkFailures.logIfUnknown(pool, failure);
		}
	}

	/**
	 * Return whether the connection or the server refused a request because of others in
	 * flight, so that the same service can send it later.
	 * @param failure the exception that the client has thrown
	 * @return whether the request was refused
	 */
	public static boolean isRefused(Throwable failure) {
		return causes(failure)
			.anyMatch((cause) -> ClientAdapter.all().stream().anyMatch((adapter) -> adapter.isRefused(cause)));
	}

	/**
	 * Return whether the server has announced the end of the connection.
	 * @param failure the exception that the client has thrown
	 * @return whether the server shuts the connection down
	 */
	public static boolean isShutdown(Throwable failure) {
		return causes(failure).anyMatch(JdkFailures::isShutdown);
	}

	/**
	 * Return whether the client itself refused a request.
	 * @param failure the exception that the client has thrown
	 * @return whether the connection has reached its limit of requests
	 */
	public static boolean isStreamLimit(Throwable failure) {
		return causes(failure).anyMatch(JdkFailures::isStreamLimit);
	}

	private static Stream<Throwable> causes(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
	}

}
