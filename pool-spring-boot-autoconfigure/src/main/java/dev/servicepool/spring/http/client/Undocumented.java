package dev.servicepool.spring.http.client;

import java.lang.reflect.Field;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.ReflectionUtils;

/**
 * Everything that adapters use although no library documents it: messages of exceptions,
 * and private fields. A comment names the versions on which each was seen.
 */
final class Undocumented {

	/**
	 * Package of the JDK's client, which appears in the stack traces of its exceptions.
	 */
	private static final String JDK_CLIENT = "jdk.internal.net.http";

	/**
	 * The message of a client that has reached the limit of its connection (Java 17 to
	 * 25).
	 */
	static final Set<String> STREAM_LIMIT = Set.of("too many concurrent streams");

	/**
	 * The messages after which the server has not processed the request: it reset the
	 * stream with a code that states this (Java 17), or it stated the same for a
	 * connection that it is about to close (Java 25, which has already sent the request a
	 * second time).
	 */
	static final Set<String> REFUSED = Set.of("too many concurrent streams",
			"Received RST_STREAM: Stream not processed", "request not processed by peer");

	/**
	 * The end of the message after the server has announced that it is about to close the
	 * connection (Java 17.0.15, which then fails all requests of the connection).
	 */
	static final String SHUTDOWN = "GOAWAY received";

	/**
	 * The message of a client whose only thread for network events has ended (Java 17 to
	 * 25).
	 */
	static final Set<String> BROKEN = Set.of("selector manager closed");

	/**
	 * The message of a client that was closed (Java 21 to 25), and of a body that cannot
	 * be read to its end (Java 17 to 25).
	 */
	static final Set<String> CLOSED = Set.of("closed");

	/**
	 * The beginning of the message of the last cause if a body cannot be read to its end
	 * because the request factory has closed it (Java 25).
	 */
	static final String CANCELED = "subscription cancel";

	/** Class of the stream from which a body is read (Java 17 to 25). */
	private static final String BODY = "jdk.internal.net.http.ResponseSubscribers$HttpResponseInputStream";

	/**
	 * The beginning of the message after the server has reset one stream (Java 17 to 25).
	 */
	static final String RESET = "Received RST_STREAM";

	/**
	 * The messages after the server has lost track of the streams of a connection, for
	 * example because it is about to close the connection (Java 17 to 25).
	 */
	static final Set<String> OUT_OF_STEP = Set.of(RESET + ": Protocol error", RESET + ": Stream is closed");

	/**
	 * Parts of the messages after which the connection is lost (Java 17 to 25). Any
	 * message that is not known has the same meaning.
	 */
	private static final List<String> LOST = List.of("connection reset", "broken pipe", "eof", "received no bytes",
			"goaway", "fatal alert", "connection closed", "closed", "ssl", "terminated", "chunk",
			"fixed content-length");

	/**
	 * The messages of a {@link SocketTimeoutException} before a connection exists: that
	 * of a socket (Java 17 to 25), and that of Jetty 12.1.
	 */
	private static final List<String> CONNECT_TIMEOUT = List.of("Connect timed out", "Connect Timeout");

	/** The beginning of the message of a client with too many requests (Jetty 12.1). */
	private static final String FULL_QUEUE = "Max requests queued per destination";

	/** The message after the server has refused a stream of HTTP/2 (Jetty 12.1). */
	static final String JETTY_REFUSED = "refused_stream_error";

	/** The messages after the server has reset a stream of HTTP/2 (Jetty 12.1). */
	private static final Set<String> JETTY_RESET = Set.of("internal_error", "cancel_stream_error",
			"enhance_your_calm_error", "http_1_1_required_error");

	/**
	 * The message of a client whose HTTP/2 connection is being closed and opens no more
	 * streams (Jetty 12.1).
	 */
	private static final String JETTY_SESSION_CLOSED = "session closed";

	/** Package of the classes that report this message. */
	private static final String JETTY_HTTP2 = "org.eclipse.jetty.http2.";

	private Undocumented() {
	}

	/** Return whether Jetty's client could not open a stream of HTTP/2. */
	static boolean isJettySessionClosed(Throwable failure) {
		StackTraceElement[] frames = failure.getStackTrace();
		return JETTY_SESSION_CLOSED.equals(failure.getMessage()) && frames.length > 0
				&& frames[0].getClassName().startsWith(JETTY_HTTP2);
	}

	/** Return whether a server has reset a stream of Jetty's client. */
	static boolean isJettyReset(Throwable failure) {
		return failure.getMessage() != null && JETTY_RESET.contains(failure.getMessage());
	}

	/** Return whether no connection could be established in time. */
	static boolean isConnectTimeout(SocketTimeoutException failure) {
		return CONNECT_TIMEOUT.contains(failure.getMessage());
	}

	/** Return whether a client did not send a request because others are waiting. */
	static boolean isFullQueue(Throwable failure) {
		return failure.getMessage() != null && failure.getMessage().startsWith(FULL_QUEUE);
	}

	/** Return whether the JDK's client has failed to read a body. */
	static boolean isFromBody(Throwable failure) {
		StackTraceElement[] frames = failure.getStackTrace();
		return frames.length > 0 && frames[0].getClassName().equals(BODY);
	}

	/**
	 * Return whether the JDK's client has reported a failure of which no message is
	 * known.
	 */
	static boolean isUnknown(Throwable failure) {
		boolean jdk = false;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
			if (LOST.stream().anyMatch(message::contains)) {
				return false;
			}
			jdk |= Stream.of(cause.getStackTrace()).anyMatch((frame) -> frame.getClassName().startsWith(JDK_CLIENT));
		}
		return jdk;
	}

	/**
	 * Return the client of one of Spring's request factories, which is the field
	 * {@code httpClient} of each of them (Spring Framework 7.0).
	 */
	static @Nullable Object client(ClientHttpRequestFactory requestFactory) {
		return read(requestFactory, "httpClient");
	}

	/** Return the executor of the JDK's request factory (Spring Framework 7.0). */
	static @Nullable Executor executor(ClientHttpRequestFactory requestFactory) {
		return (Executor) read(requestFactory, "executor");
	}

	/**
	 * Return the read timeout of the JDK's request factory, if there is one (Spring
	 * Framework 7.0).
	 */
	static @Nullable Duration readTimeout(ClientHttpRequestFactory requestFactory) {
		return (Duration) read(requestFactory, "readTimeout");
	}

	/**
	 * Return the connection manager of Apache's client, or the one that its builder will
	 * use, if it is set (Apache HttpClient 5.6).
	 */
	static @Nullable Object connectionManager(Object clientOrBuilder) {
		return read(clientOrBuilder, "connManager");
	}

	/**
	 * Return the retry strategy that Apache's builder will use, if it is set (Apache
	 * HttpClient 5.6).
	 */
	static @Nullable Object retryStrategy(Object builder) {
		return read(builder, "retryStrategy");
	}

	/**
	 * Return the cookie store that Apache's builder will use, if it is set (Apache
	 * HttpClient 5.6).
	 */
	static @Nullable Object cookieStore(Object builder) {
		return read(builder, "cookieStore");
	}

	/**
	 * Return the resolver that Apache's connection managers will use, if it is set
	 * (Apache HttpClient 5.6).
	 */
	static @Nullable Object dnsResolver(Object builder) {
		return read(builder, "dnsResolver");
	}

	/**
	 * Return the function that Boot's builder of Jetty's client will use to create
	 * transports (Spring Boot 4.1).
	 */
	@SuppressWarnings("unchecked")
	static <C, T> @Nullable Function<C, T> transportFactory(Object builder) {
		Object client = read(builder, "httpClientBuilder");
		return (client != null) ? (Function<C, T>) read(client, "httpClientTransportFactory") : null;
	}

	/** Return the response of the library (Spring Framework 7.0, Jetty's client). */
	static @Nullable Object response(ClientHttpResponse response) {
		return read(response, "response");
	}

	/** Return the route planner of Apache's client (Apache HttpClient 5.6). */
	static @Nullable Object routePlanner(Object client) {
		return read(client, "routePlanner");
	}

	private static @Nullable Object read(Object object, String name) {
		Field field = ReflectionUtils.findField(object.getClass(), name);
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, object);
	}

}
