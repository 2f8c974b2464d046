package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

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

	/**
	 * Create a request.
	 * @param uri the URI that interceptors and observations see
	 * @param request the request to send, which may have the URI of a server instead
	 */
	PassedOnRequest(URI uri, ClientHttpRequest request) {
		this.uri = uri;
		this.request = request;
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
			return active.send(new HttpCall(getURI(), getMethod(), getHeaders(), getAttributes(), body()));
		}
		Body body = body();
		if (body != null) {
			HttpCall.write(body, this.request);
		}
		return this.request.execute();
	}

}
