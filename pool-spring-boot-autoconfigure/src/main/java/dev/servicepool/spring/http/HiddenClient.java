package dev.servicepool.spring.http;

import java.lang.reflect.Field;
import java.net.http.HttpClient;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.util.ReflectionUtils;

/**
 * The client within a request factory that neither shows it nor closes it: the JDK's, and
 * Jetty's unless the factory has made it itself, but Boot makes it and hands it over.
 */
final class HiddenClient {

	private HiddenClient() {
	}

	/**
	 * Close the client of a request factory with its connections and threads, if it is
	 * one of these and can be closed: the JDK's can since Java 21, threads that are its
	 * own can before.
	 * @throws Exception if closing fails
	 */
	static void close(ClientHttpRequestFactory requestFactory) throws Exception {
		if (!(requestFactory instanceof JdkClientHttpRequestFactory
				|| requestFactory instanceof JettyClientHttpRequestFactory)) {
			return;
		}
		Object client = find(requestFactory);
		if (client instanceof HttpClient jdk) {
			closeAtOnce(jdk);
		}
		else if (client instanceof AutoCloseable closeable) {
			closeable.close();
		}
	}

	/** Whether it is the JDK's and was told to speak nothing newer. */
	static boolean isSetToHttp1(ClientHttpRequestFactory requestFactory) {
		return requestFactory instanceof JdkClientHttpRequestFactory
				&& find(requestFactory) instanceof HttpClient client && client.version() == HttpClient.Version.HTTP_1_1;
	}

	/** Return how long a request by the JDK's may take, if there is a limit. */
	static @Nullable Duration readTimeout(ClientHttpRequestFactory requestFactory) {
		return (requestFactory instanceof JdkClientHttpRequestFactory) ? (Duration) read(requestFactory, "readTimeout")
				: null;
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
	 * Close the JDK's client, which does not wait for what the server may still send if
	 * the thread is interrupted, and the threads that are its own.
	 */
	private static void closeAtOnce(HttpClient client) throws Exception {
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
			if (client.executor().orElse(null) instanceof ClientThreads threads) {
				threads.close();
			}
		}
	}

}
