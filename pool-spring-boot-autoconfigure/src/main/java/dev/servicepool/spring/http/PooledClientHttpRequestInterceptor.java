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

/**
 * Acquires a lease of a pool for each request, and addresses the request to the pool or,
 * if the pool has no address, to the target of the leased service. The interceptor does
 * not send the request, and the interceptors after it run as usual. At the end of the
 * chain, a {@link RoutingClientHttpRequestFactory} sends the request through the leased
 * service.
 * <p>
 * The lease ends when the response or its body is closed, or when the request fails.
 * <p>
 * An instance can be used by any number of clients and threads. An interceptor that
 * repeats requests must be added before this one, so that each attempt acquires a lease
 * of its own.
 */
public final class PooledClientHttpRequestInterceptor implements ClientHttpRequestInterceptor {

	private static final Log logger = LogFactory.getLog(PooledClientHttpRequestInterceptor.class);

	private final Supplier<? extends Pool<HttpCall, ClientHttpResponse>> pool;

	/** The address of the pool, if it has one. */
	private final @Nullable Origin address;

	private final RequestHandling handling;

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Create an interceptor of a pool without an address. Later interceptors see the
	 * address of the leased target.
	 * @param pool supplies the pool; called for each request; the first call may look up
	 * the pool, but later calls must be fast
	 */
	public PooledClientHttpRequestInterceptor(Supplier<? extends Pool<HttpCall, ClientHttpResponse>> pool) {
		this(pool, null, RequestHandling.DEFAULT);
	}

	/**
	 * Create an interceptor with the policies and observations of an application.
	 * @param pool supplies the pool; called for each request; the first call may look up
	 * the pool, but later calls must be fast
	 * @param address the address of the pool, which later interceptors see, so that their
	 * signatures are valid at any target; {@code null} if they see the address of the
	 * leased target
	 * @param handling the handling of requests
	 */
	public PooledClientHttpRequestInterceptor(Supplier<? extends Pool<HttpCall, ClientHttpResponse>> pool,
			@Nullable URI address, RequestHandling handling) {
		this.pool = pool;
		this.address = (address != null) ? Origin.of(address) : null;
		this.handling = handling;
	}

	/**
	 * Acquire a lease and pass the request to the rest of the chain.
	 * @param request the request
	 * @param body the body of the request
	 * @param execution the rest of the chain
	 * @return the response, which keeps the lease active until it is closed
	 * @throws IOException if the rest of the chain throws it, if the thread is
	 * interrupted while it waits for a service, or if no service is available; in the
	 * last case, the cause is a {@link PoolException}
	 */
	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		Pool<HttpCall, ClientHttpResponse> pool = this.pool.get();
		ActiveLease active = ActiveLease.of(pool, this.handling, request.getAttributes());
		try {
			active.putInto(request.getAttributes());
			Origin visible = active.visibleAddress(this.address);
			ClientHttpResponse response = execution.execute((visible != null) ? visible.move(request) : request, body);
			warnUnlessRouted(active, pool);
			return active.responded(response);
		}
		catch (Throwable ex) {
			if (ex instanceof IOException && this.address != null) {
				// The client may fail because the address is only a name for the targets.
				warnUnlessRouted(active, pool);
			}
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
			logger.warn("Pool '" + name
					+ "': a request has a lease, but the leased service did not send the request. The"
					+ " request factory of the client sent it, because the application sets that request factory. Apply RestClientPools.fromPool(\""
					+ name + "\") after that request factory is set, or wrap the request factory in a"
					+ " RoutingClientHttpRequestFactory. In a test with a mock server, ignore this warning.");
		}
	}

}
