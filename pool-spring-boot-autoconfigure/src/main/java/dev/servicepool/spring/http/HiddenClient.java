package dev.servicepool.spring.http;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.http.client.ReactorClientHttpRequestFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Client that its request factory neither exposes nor closes. The JDK's request factory
 * hides its client. Jetty's request factory also hides its client, unless the factory
 * created the client itself. Boot creates the client and passes it to the factory.
 */
final class HiddenClient {

	/** Request factories whose fields and constructors are known. */
	private static final Set<Class<?>> REPLACEABLE = Set.of(JdkClientHttpRequestFactory.class,
			JettyClientHttpRequestFactory.class, HttpComponentsClientHttpRequestFactory.class,
			ReactorClientHttpRequestFactory.class);

	private HiddenClient() {
	}

	/**
	 * Close the client of a request factory with its connections and threads, if it is a
	 * hidden client that can be closed. The JDK's client can be closed since Java 21. Its
	 * own threads can be closed on any Java version.
	 * @throws Exception if closing fails
	 */
	static void close(ClientHttpRequestFactory requestFactory) throws Exception {
		if (!(requestFactory instanceof JdkClientHttpRequestFactory
				|| requestFactory instanceof JettyClientHttpRequestFactory)) {
			return;
		}
		Object client = find(requestFactory);
		if (client instanceof HttpClient jdk) {
			closeImmediately(jdk);
		}
		else if (client instanceof AutoCloseable closeable) {
			closeable.close();
		}
	}

	/** Return whether the client is the JDK's and is restricted to HTTP/1.1. */
	static boolean isSetToHttp1(ClientHttpRequestFactory requestFactory) {
		return requestFactory instanceof JdkClientHttpRequestFactory
				&& find(requestFactory) instanceof HttpClient client && client.version() == HttpClient.Version.HTTP_1_1;
	}

	/** Return the read timeout of the JDK's request factory, if there is one. */
	static @Nullable Duration readTimeout(ClientHttpRequestFactory requestFactory) {
		return (requestFactory instanceof JdkClientHttpRequestFactory) ? (Duration) read(requestFactory, "readTimeout")
				: null;
	}

	/**
	 * Return whether the read timeout of a request factory can be replaced, so that its
	 * client sends each request with the timeout of that request.
	 */
	static boolean canReplaceReadTimeout(ClientHttpRequestFactory requestFactory) {
		return REPLACEABLE.contains(requestFactory.getClass());
	}

	/**
	 * Return a request factory that uses the same client with another read timeout.
	 * @param requestFactory the request factory of the client
	 * @param timeout the read timeout
	 * @return the new request factory, or the same one if its timeout cannot be replaced
	 */
	static ClientHttpRequestFactory withReadTimeout(ClientHttpRequestFactory requestFactory, Duration timeout) {
		if (!canReplaceReadTimeout(requestFactory)) {
			return requestFactory;
		}
		ClientHttpRequestFactory copy = copy(requestFactory);
		Method setter = ReflectionUtils.findMethod(copy.getClass(), "setReadTimeout", Duration.class);
		ReflectionUtils.invokeMethod(Objects.requireNonNull(setter, "setReadTimeout"), copy, timeout);
		return copy;
	}

	/** Return a request factory with the same client and the same settings. */
	private static ClientHttpRequestFactory copy(ClientHttpRequestFactory requestFactory) {
		Object client = Objects.requireNonNull(find(requestFactory), "httpClient");
		ClientHttpRequestFactory copy = (client instanceof HttpClient jdk)
				? new JdkClientHttpRequestFactory(jdk, executor(requestFactory))
				: instantiate(requestFactory.getClass(), client);
		ReflectionUtils.shallowCopyFieldState(requestFactory, copy);
		return copy;
	}

	private static Executor executor(ClientHttpRequestFactory requestFactory) {
		return (Executor) Objects.requireNonNull(read(requestFactory, "executor"), "executor");
	}

	private static ClientHttpRequestFactory instantiate(Class<? extends ClientHttpRequestFactory> type, Object client) {
		Constructor<?> constructor = Stream.of(type.getConstructors())
			.filter((candidate) -> candidate.getParameterCount() == 1
					&& candidate.getParameterTypes()[0].isInstance(client))
			.findFirst()
			.orElseThrow();
		try {
			return (ClientHttpRequestFactory) constructor.newInstance(client);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("Cannot create a " + type.getSimpleName(), ex);
		}
	}

	private static @Nullable Object find(ClientHttpRequestFactory requestFactory) {
		return read(requestFactory, "httpClient");
	}

	private static @Nullable Object read(ClientHttpRequestFactory requestFactory, String name) {
		Field field = ReflectionUtils.findField(requestFactory.getClass(), name);
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, requestFactory);
	}

	/**
	 * Close the JDK's client and its own threads. The thread is interrupted, so that
	 * closing does not wait for data that the server may still send.
	 */
	private static void closeImmediately(HttpClient client) throws Exception {
		boolean interrupted = Thread.interrupted();
		Thread.currentThread().interrupt();
		try {
			if (client instanceof AutoCloseable closeable) {
				closeable.close();
			}
		}
		finally {
			if (!interrupted) {
				Thread.interrupted();
			}
			if (client.executor().orElse(null) instanceof JdkClientThreads threads) {
				threads.close();
			}
		}
	}

}
