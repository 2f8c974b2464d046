package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.servicepool.Pool;
import dev.servicepool.PoolException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.support.HttpRequestWrapper;

/**
 * Takes a lease of a pool for each request and addresses the request to the target of the
 * leased service. It never sends: the interceptors after it run as usual, and at the end
 * of the chain a {@link RoutingClientHttpRequestFactory} sends by the leased service.
 * <p>
 * The lease ends when the response or its body is closed, or when the request fails.
 * <p>
 * It can be used by any number of clients and threads. An interceptor that repeats
 * requests belongs before this one, so that each attempt takes a lease of its own.
 */
public final class PooledClientHttpRequestInterceptor implements ClientHttpRequestInterceptor {

	private static final Log logger = LogFactory.getLog(PooledClientHttpRequestInterceptor.class);

	private final Supplier<? extends Pool<HttpCall, ClientHttpResponse>> pool;

	private final WaitObservations waits;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Create an interceptor.
	 * @param pool what the leases are taken of; asked at each request, so it may find the
	 * pool late but should be quick from then on
	 */
	public PooledClientHttpRequestInterceptor(Supplier<? extends Pool<HttpCall, ClientHttpResponse>> pool) {
		this(pool, WaitObservations.NONE);
	}

	/**
	 * Create an interceptor whose waits are observed.
	 * @param pool what the leases are taken of; asked at each request, so it may find the
	 * pool late but should be quick from then on
	 * @param waits observes the waits of requests
	 */
	public PooledClientHttpRequestInterceptor(Supplier<? extends Pool<HttpCall, ClientHttpResponse>> pool,
			WaitObservations waits) {
		this.pool = pool;
		this.waits = waits;
	}

	/**
	 * Take a lease and pass the request on.
	 * @param request the request
	 * @param body its body
	 * @param execution the rest of the chain
	 * @return the response, which holds the lease until it is closed
	 * @throws IOException what the rest of the chain throws, or because the thread was
	 * interrupted while it waited for a service
	 * @throws PoolException if no service could be had
	 */
	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		Pool<HttpCall, ClientHttpResponse> pool = this.pool.get();
		ActiveLease active = ActiveLease.of(pool, this.waits);
		try {
			active.putInto(request.getAttributes());
			ClientHttpResponse response = execution.execute(new LeasedRequest(request, active.origin()), body);
			warnUnlessRouted(active, pool);
			return active.responded(response);
		}
		catch (Throwable ex) {
			active.failed(ex);
			throw ex;
		}
		finally {
			ActiveLease.removeFrom(request.getAttributes());
		}
	}

	private void warnUnlessRouted(ActiveLease active, Pool<HttpCall, ClientHttpResponse> pool) {
		if (!active.routed() && this.warned.compareAndSet(false, true)) {
			String name = pool.name();
			logger.warn("A request took a lease of pool '" + name + "' but was sent by another client than that of"
					+ " the leased service, so the pool only counts it. Set the RestClient up with"
					+ " RestClientPools.fromPool(\"" + name + "\") after any other request factory, or wrap its"
					+ " request factory into a RoutingClientHttpRequestFactory."
					+ " In a test with a mock server this is as it should be.");
		}
	}

	/**
	 * A request that is addressed to the target of a lease.
	 */
	private static final class LeasedRequest extends HttpRequestWrapper {

		private final URI uri;

		LeasedRequest(HttpRequest request, @Nullable Origin origin) {
			super(request);
			this.uri = (origin != null) ? origin.move(request.getURI()) : request.getURI();
		}

		@Override
		public URI getURI() {
			return this.uri;
		}

	}

}
