package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.function.Function;

import dev.servicepool.Pool;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The end of a client's chain: sends each request by the right client. A request that
 * carries a lease goes by the leased service; one to an address that a pool takes care of
 * takes a lease here; any other one goes by the delegate as if this factory were not
 * there.
 * <p>
 * Whether a request carries a lease is found out when it is executed, not when it is
 * created: leases are put into its attributes in between.
 */
public final class RoutingClientHttpRequestFactory implements ClientHttpRequestFactory, DisposableBean {

	private final ClientHttpRequestFactory delegate;

	/** Finds pools; absent if requests bring their leases. */
	private final @Nullable Function<? super URI, ? extends @Nullable Pool<HttpCall, ClientHttpResponse>> pools;

	private final WaitObservations waits;

	/**
	 * Create a routing request factory for requests that bring their leases.
	 * @param delegate sends the requests that carry no lease, and is not asked for
	 * anything before there is one
	 */
	public RoutingClientHttpRequestFactory(ClientHttpRequestFactory delegate) {
		this.delegate = Objects.requireNonNull(delegate, "delegate");
		this.pools = null;
		this.waits = WaitObservations.NONE;
	}

	/**
	 * Create a routing request factory that takes leases itself.
	 * @param delegate sends the requests that no pool takes care of
	 * @param pools finds the pool that takes care of the requests to a URI, or
	 * {@code null}; asked when a request is created
	 */
	public RoutingClientHttpRequestFactory(ClientHttpRequestFactory delegate,
			Function<? super URI, ? extends @Nullable Pool<HttpCall, ClientHttpResponse>> pools) {
		this(delegate, pools, WaitObservations.NONE);
	}

	/**
	 * Create a routing request factory that takes leases itself and whose waits are
	 * observed.
	 * @param delegate sends the requests that no pool takes care of
	 * @param pools finds the pool that takes care of the requests to a URI, or
	 * {@code null}; asked when a request is created
	 * @param waits observes the waits of requests
	 */
	public RoutingClientHttpRequestFactory(ClientHttpRequestFactory delegate,
			Function<? super URI, ? extends @Nullable Pool<HttpCall, ClientHttpResponse>> pools,
			WaitObservations waits) {
		this.delegate = Objects.requireNonNull(delegate, "delegate");
		this.pools = Objects.requireNonNull(pools, "pools");
		this.waits = Objects.requireNonNull(waits, "waits");
	}

	/**
	 * Return what sends the requests that no pool takes care of.
	 * @return the delegate
	 */
	public ClientHttpRequestFactory delegate() {
		return this.delegate;
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
		if (this.pools == null) {
			return new RoutedRequest(this, uri, method, null);
		}
		Pool<HttpCall, ClientHttpResponse> pool = this.pools.apply(uri);
		return (pool != null) ? new RoutedRequest(this, uri, method, pool)
				: new PassedOnRequest(this.delegate.createRequest(uri, method));
	}

	/**
	 * Close the delegate if it can be closed.
	 * @throws Exception if that fails
	 */
	@Override
	public void destroy() throws Exception {
		HttpClientService.close(this.delegate);
	}

	/** Send a request that brings no lease. */
	ClientHttpResponse send(HttpCall call, @Nullable Pool<HttpCall, ClientHttpResponse> pool) throws IOException {
		// A leased service may itself send by a client that Boot has built.
		return (pool != null && !ActiveLease.isAtWork(pool)) ? sendOver(pool, call) : call.sendBy(this.delegate);
	}

	private ClientHttpResponse sendOver(Pool<HttpCall, ClientHttpResponse> pool, HttpCall call) throws IOException {
		ActiveLease active = ActiveLease.of(pool, this.waits);
		try {
			return active.responded(active.send(call));
		}
		catch (Throwable ex) {
			active.failed(ex);
			throw ex;
		}
	}

}
