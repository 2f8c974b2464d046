package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Request to an address without a pool. It delegates to the request of the original
 * client, so that nothing is copied. If the request carries a lease when it is executed,
 * the leased service sends it instead.
 */
final class PassedOnRequest extends StreamingRequest {

	private final URI uri;

	private final ClientHttpRequest request;

	private final @Nullable Duration readTimeout;

	/**
	 * Create a request.
	 * @param uri the URI that interceptors and observations see
	 * @param request the request to send, which may have the URI of a server instead
	 * @param readTimeout the read timeout of the client, for a leased service;
	 * {@code null} if the timeout of the service applies
	 */
	PassedOnRequest(URI uri, ClientHttpRequest request, @Nullable Duration readTimeout) {
		this.uri = uri;
		this.request = request;
		this.readTimeout = readTimeout;
	}

	@Override
	public HttpMethod getMethod() {
		return this.request.getMethod();
	}

	@Override
	public URI getURI() {
		return this.uri;
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.request.getAttributes();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.request.getHeaders();
	}

	@Override
	public ClientHttpResponse execute() throws IOException {
		ActiveLease active = ActiveLease.removeFrom(getAttributes());
		if (active != null) {
			return active
				.send(new HttpCall(getURI(), getMethod(), getHeaders(), getAttributes(), body(), this.readTimeout));
		}
		Body body = body();
		if (body != null) {
			HttpCall.write(body, this.request);
		}
		return this.request.execute();
	}

}
