package dev.servicepool.spring.http;

import java.lang.reflect.Field;
import java.net.http.HttpClient;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.util.ReflectionUtils;

/**
 * What a pool needs of the JDK's client and Spring's request factory does not show.
 */
final class JdkClient {

	private final HttpClient client;

	private JdkClient(HttpClient client) {
		this.client = client;
	}

	/**
	 * Return the client of a request factory, if it is one of the JDK's.
	 */
	static @Nullable JdkClient of(ClientHttpRequestFactory requestFactory) {
		if (!(requestFactory instanceof JdkClientHttpRequestFactory)) {
			return null;
		}
		Field field = ReflectionUtils.findField(JdkClientHttpRequestFactory.class, null, HttpClient.class);
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		HttpClient client = (HttpClient) ReflectionUtils.getField(field, requestFactory);
		return (client != null) ? new JdkClient(client) : null;
	}

	/**
	 * Close the client with its connections and threads, at once. Up to Java 20 that
	 * can't be done: they go when nothing refers to the client any more.
	 * @throws Exception if closing fails
	 */
	void close() throws Exception {
		if (!(this.client instanceof AutoCloseable closeable)) {
			return;
		}
		// Interrupted, it does not wait for what the server may still send.
		boolean interrupted = Thread.interrupted();
		Thread.currentThread().interrupt();
		try {
			closeable.close();
		}
		finally {
			if (!interrupted) {
				Thread.interrupted();
			}
		}
	}

	/**
	 * Return the protocol that a response came by. The client keeps the pseudo header
	 * fields of HTTP/2 among the others; HTTP/1.1 has none.
	 */
	static String protocol(HttpHeaders response) {
		return response.containsHeader(":status") ? "HTTP/2" : "HTTP/1.1";
	}

}
