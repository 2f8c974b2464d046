package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.servicepool.Pool;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedCaseInsensitiveMap;

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

	/**
	 * Header fields of a request, which are copied for each attempt. Their map ignores
	 * case, so that they can be visited directly. Other maps may be case-sensitive, and a
	 * visit must first collect the names.
	 */
	private static final class RequestHeaders extends HttpHeaders {

		private static final long serialVersionUID = 1L;

		/** Usual number of header fields of a request. */
		private static final int FEW_FIELDS = 3;

		private final LinkedCaseInsensitiveMap<List<String>> fields;

		RequestHeaders() {
			this(new LinkedCaseInsensitiveMap<>(FEW_FIELDS, Locale.ROOT));
		}

		private RequestHeaders(LinkedCaseInsensitiveMap<List<String>> fields) {
			super(CollectionUtils.toMultiValueMap(fields));
			this.fields = fields;
		}

		@Override
		public void forEach(BiConsumer<? super String, ? super List<String>> action) {
			this.fields.forEach(action);
		}

	}

}
