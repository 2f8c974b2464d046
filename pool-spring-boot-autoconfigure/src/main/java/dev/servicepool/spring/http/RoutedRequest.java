package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

import dev.servicepool.Pool;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;

/**
 * Request whose client is determined when it is executed. That client then creates the
 * request to send.
 */
final class RoutedRequest extends StreamingRequest {

	/** Usual number of attributes of a request. */
	private static final int FEW = 2;

	private final RoutingClientHttpRequestFactory factory;

	private final URI uri;

	private final HttpMethod method;

	/** Pool that serves the request, unless the request carries a lease. */
	private final @Nullable Pool<HttpCall, ClientHttpResponse> pool;

	private final HttpHeaders headers = new RequestHeaders();

	private @Nullable Map<String, Object> attributes;

	private boolean executed;

	RoutedRequest(RoutingClientHttpRequestFactory factory, URI uri, HttpMethod method,
			@Nullable Pool<HttpCall, ClientHttpResponse> pool) {
		this.factory = factory;
		this.uri = uri;
		this.method = method;
		this.pool = pool;
	}

	@Override
	public URI getURI() {
		return this.uri;
	}

	@Override
	public HttpMethod getMethod() {
		return this.method;
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.executed ? HttpHeaders.readOnlyHttpHeaders(this.headers) : this.headers;
	}

	@Override
	public Map<String, Object> getAttributes() {
		if (this.attributes == null) {
			this.attributes = new HashMap<>(FEW);
		}
		return this.attributes;
	}

	@Override
	public ClientHttpResponse execute() throws IOException {
		Assert.state(!this.executed, "Request must be executed only once but was already executed");
		ActiveLease active = (this.attributes != null) ? ActiveLease.removeFrom(this.attributes) : null;
		HttpCall call = new HttpCall(this.uri, this.method, this.headers,
				(this.attributes != null) ? this.attributes : Map.of(), body(), this.factory.readTimeout());
		ClientHttpResponse response = (active != null) ? active.send(call) : this.factory.send(call, this.pool);
		this.executed = true;
		return response;
	}

}
