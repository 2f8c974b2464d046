package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;

import dev.servicepool.Pool;
import dev.servicepool.spring.http.client.ServiceClient;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Request factory that a {@code RestClient} uses at the end of its interceptor chain. For
 * each request, it selects the HTTP client that sends the request. If the request carries
 * a lease, the leased service sends it. If the request is for the address of a pool, this
 * factory acquires a lease. The delegate sends any other request, as if this factory did
 * not exist.
 * <p>
 * The factory checks for a lease when a request is executed, not when the request is
 * created. Interceptors add the lease to the attributes of the request only after its
 * creation.
 */
public final class RoutingClientHttpRequestFactory implements ClientHttpRequestFactory, DisposableBean {

	private final ClientHttpRequestFactory delegate;

	/** Finds pools; {@code null} if requests carry their leases. */
	private final @Nullable RequestRouter router;

	private final RequestHandling handling;

	/**
	 * Create a routing request factory for requests that carry their leases.
	 * @param delegate sends the requests that carry no lease; not used before the first
	 * request without a lease
	 */
	public RoutingClientHttpRequestFactory(ClientHttpRequestFactory delegate) {
		this.delegate = Objects.requireNonNull(delegate, "delegate");
		this.router = null;
		this.handling = RequestHandling.DEFAULT;
	}

	/**
	 * Create a routing request factory that acquires leases itself.
	 * @param delegate sends the requests that no pool serves
	 * @param router finds the pools
	 */
	public RoutingClientHttpRequestFactory(ClientHttpRequestFactory delegate, RequestRouter router) {
		this(delegate, router, RequestHandling.DEFAULT);
	}

	/**
	 * Create a routing request factory that acquires leases itself, with the policies and
	 * observations of an application.
	 * @param delegate sends the requests that no pool serves
	 * @param router finds the pools
	 * @param handling the handling of requests
	 */
	public RoutingClientHttpRequestFactory(ClientHttpRequestFactory delegate, RequestRouter router,
			RequestHandling handling) {
		this.delegate = Objects.requireNonNull(delegate, "delegate");
		this.router = Objects.requireNonNull(router, "router");
		this.handling = Objects.requireNonNull(handling, "handling");
	}

	/**
	 * Return the request factory for requests that no pool serves.
	 * @return the delegate
	 */
	public ClientHttpRequestFactory delegate() {
		return this.delegate;
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
		if (this.router == null) {
			return new RoutedRequest(this, uri, method, null);
		}
		Pool<HttpCall, ClientHttpResponse> pool = this.router.pool(uri);
		return (pool != null) ? new RoutedRequest(this, uri, method, pool) : new PassedOnRequest(uri,
				this.delegate.createRequest(this.router.uriWithoutPool(uri), method), this.router.readTimeout());
	}

	/**
	 * Close the delegate if it can be closed.
	 * @throws Exception if closing fails
	 */
	@Override
	public void destroy() throws Exception {
		ServiceClient.close(this.delegate);
	}

	@Nullable Duration readTimeout() {
		return (this.router != null) ? this.router.readTimeout() : null;
	}

	/** Send a request that carries no lease. */
	ClientHttpResponse send(HttpCall call, @Nullable Pool<HttpCall, ClientHttpResponse> pool) throws IOException {
		// A leased service may itself use a client that Boot has built.
		return (pool != null && !ActiveLease.isAtWork(pool)) ? sendOver(pool, call) : call.sendBy(this.delegate);
	}

	private ClientHttpResponse sendOver(Pool<HttpCall, ClientHttpResponse> pool, HttpCall call) throws IOException {
		ActiveLease active = ActiveLease.of(pool, this.handling, call.attributes());
		try {
			return active.responded(active.send(call));
		}
		catch (Throwable ex) {
			active.failed(ex);
			throw ex;
		}
	}

}
