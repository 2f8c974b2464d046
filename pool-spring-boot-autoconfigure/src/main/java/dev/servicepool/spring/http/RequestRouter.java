package dev.servicepool.spring.http;

import java.net.URI;
import java.time.Duration;

import dev.servicepool.Pool;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Decides where a client sends its requests.
 */
@FunctionalInterface
public interface RequestRouter {

	/**
	 * Return the pool that sends the requests to a URI. Called when a request is created.
	 * @param uri the URI of the request
	 * @return the pool, or {@code null} if the client itself sends the request
	 */
	@Nullable Pool<HttpCall, ClientHttpResponse> pool(URI uri);

	/**
	 * Return the URI to which the client itself sends a request.
	 * @param uri the URI of the request
	 * @return the same URI; if its host is the name of a pool and not a real host, the
	 * URI with its host replaced by the address of a server
	 */
	default URI uriWithoutPool(URI uri) {
		return uri;
	}

	/**
	 * Return the read timeout of requests that a pool sends.
	 * @return the read timeout, or {@code null} if the read timeout of the service
	 * applies
	 */
	default @Nullable Duration readTimeout() {
		return null;
	}

}
