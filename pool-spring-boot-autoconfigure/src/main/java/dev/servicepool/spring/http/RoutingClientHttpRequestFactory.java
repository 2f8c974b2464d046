package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.AbstractStreamingClientHttpRequest;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The end of a client's chain: sends each request by the right client. A request that
 * carries a lease goes by the leased service, any other one goes by the delegate as if
 * this factory were not there.
 * <p>
 * Which way a request goes is found out when it is executed, not when it is created:
 * leases are put into its attributes in between.
 */
public final class RoutingClientHttpRequestFactory implements ClientHttpRequestFactory {

	private final ClientHttpRequestFactory delegate;

	/**
	 * Create a routing request factory.
	 * @param delegate sends the requests that carry no lease
	 */
	public RoutingClientHttpRequestFactory(ClientHttpRequestFactory delegate) {
		this.delegate = Objects.requireNonNull(delegate, "delegate");
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
		return new RoutedRequest(uri, method);
	}

	private ClientHttpResponse route(HttpCall call, @Nullable HeldLease held) throws IOException {
		return (held != null) ? held.send(call) : call.sendBy(this.delegate);
	}

	/**
	 * A request that is made anew by the client that is to send it.
	 */
	private final class RoutedRequest extends AbstractStreamingClientHttpRequest {

		private final URI uri;

		private final HttpMethod method;

		RoutedRequest(URI uri, HttpMethod method) {
			this.uri = uri;
			this.method = method;
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
		protected ClientHttpResponse executeInternal(HttpHeaders headers, @Nullable Body body) throws IOException {
			HeldLease held = HeldLease.takeFrom(getAttributes());
			return route(new HttpCall(this.uri, this.method, headers, getAttributes(), body), held);
		}

	}

}
