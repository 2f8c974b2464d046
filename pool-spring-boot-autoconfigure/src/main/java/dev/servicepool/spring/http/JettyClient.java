package dev.servicepool.spring.http;

import java.lang.reflect.Field;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Jetty's client, which Spring's request factory closes only if it has made it itself.
 * Boot makes it and hands it over.
 */
final class JettyClient {

	private JettyClient() {
	}

	/**
	 * Close the client of a request factory with its connections and threads, if it is
	 * one of Jetty's.
	 * @throws Exception if closing fails
	 */
	static void close(ClientHttpRequestFactory requestFactory) throws Exception {
		if (!(requestFactory instanceof JettyClientHttpRequestFactory)) {
			return;
		}
		Field field = ReflectionUtils.findField(JettyClientHttpRequestFactory.class, "httpClient");
		if (field != null) {
			ReflectionUtils.makeAccessible(field);
			if (ReflectionUtils.getField(field, requestFactory) instanceof AutoCloseable client) {
				client.close();
			}
		}
	}

}
