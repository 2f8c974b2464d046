package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolException;
import dev.servicepool.Target;
import dev.servicepool.spring.http.client.ClientFailures;
import dev.servicepool.spring.http.client.JdkWindowShare;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Lease between the interceptor that acquired it and the request factory that sends the
 * request through its service. It is stored in the attributes of the request, because
 * other interceptors run in between.
 */
final class ActiveLease {

	private static final String ATTRIBUTE = ActiveLease.class.getName();

	/**
	 * The lease whose service is sending a request on this thread, if any. Set only
	 * during the call, so that any thread can send requests.
	 */
	private static final ThreadLocal<@Nullable ActiveLease> atWork = new ThreadLocal<>();

	private final Pool<HttpCall, ClientHttpResponse> pool;

	private final WaitObservations waits;

	/** The lease during whose call this lease was acquired, if any. */
	private final @Nullable ActiveLease outer = atWork.get();

	/** Used only by the thread of the request. */
	private Lease<HttpCall, ClientHttpResponse> lease;

	/**
	 * Whether the address of the request is the one of the leased target. Used only by
	 * the thread of the request.
	 */
	private boolean targetExposed;

	/** Used only by the thread of the request. */
	private boolean routed;

	/** The response of the service. Used only by the thread of the request. */
	private @Nullable ClientHttpResponse response;

	private ActiveLease(Pool<HttpCall, ClientHttpResponse> pool, WaitObservations waits,
			Lease<HttpCall, ClientHttpResponse> lease) {
		this.pool = pool;
		this.waits = waits;
		this.lease = lease;
	}

	/**
	 * Acquire a lease.
	 * @throws InterruptedIOException if the thread is interrupted while it waits
	 * @throws IOException if no service is available; the cause is a
	 * {@link PoolException}
	 */
	static ActiveLease of(Pool<HttpCall, ClientHttpResponse> pool, WaitObservations waits) throws IOException {
		return new ActiveLease(pool, waits, acquire(pool, waits, pool::acquire));
	}

	/**
	 * Wait for a lease. HTTP callers expect an {@link IOException}, for which
	 * {@code RestClient} throws its {@code ResourceAccessException}.
	 */
	private static Lease<HttpCall, ClientHttpResponse> acquire(Pool<HttpCall, ClientHttpResponse> pool,
			WaitObservations waits, WaitObservations.Wait wait) throws IOException {
		try {
			return waits.observe(pool, wait);
		}
		catch (InterruptedException ex) {
			throw interrupted("Interrupted while waiting for a service of pool '" + pool.name() + "'", ex);
		}
		catch (PoolException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

	/**
	 * Return the address that later interceptors see and may sign: the address of the
	 * pool or, if it has none, of the leased target.
	 * @param pool the address of the pool, if it has one
	 * @return the address; {@code null} if the request keeps its own, because the target
	 * has none
	 */
	@Nullable Origin visibleAddress(@Nullable Origin pool) {
		Origin target = Origin.of(this.lease.target());
		this.targetExposed = (target != null && pool == null);
		return (target != null && pool != null) ? pool : target;
	}

	void putInto(Map<String, Object> attributes) {
		attributes.put(ATTRIBUTE, this);
	}

	static @Nullable ActiveLease removeFrom(Map<String, Object> attributes) {
		return (ActiveLease) attributes.remove(ATTRIBUTE);
	}

	/**
	 * Return whether a service of a pool is sending a request on this thread. Requests
	 * that the service itself sends must not use its pool again.
	 */
	static boolean isAtWork(Pool<HttpCall, ClientHttpResponse> pool) {
		for (ActiveLease active = atWork.get(); active != null; active = active.outer) {
			if (active.pool == pool) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Send a request through the leased service. If no server has processed the request,
	 * it is sent again through another service. A request that is safe to repeat is also
	 * sent again after its connection was lost. Any other request that a server may have
	 * processed is never sent again. A request that may have a signature for the address
	 * of its target stays on that target.
	 */
	ClientHttpResponse send(HttpCall call) throws IOException {
		this.routed = true;
		WatchedCall watched = new WatchedCall(call);
		Attempts attempts = null;
		while (true) {
			try {
				this.response = sendOnce(watched.call());
				return this.response;
			}
			catch (IOException | RuntimeException ex) {
				ClientFailures.logIfUnknown(this.pool.name(), ex);
				if (watched.hasBodyFailed()) {
					this.lease.close();
					throw ex;
				}
				attempts = (attempts != null) ? attempts : new Attempts(this.pool.settings().retry().maxRetries());
				if (!attempts.allowAnother(watched, ex)) {
					throw ex;
				}
				if (this.targetExposed && RequestSignature.isIn(call.headers())) {
					this.lease.keepTarget();
				}
				Lease<HttpCall, ClientHttpResponse> next = ClientFailures.isRefused(ex)
						? acquire(this.pool, this.waits, this.lease::awaitLeaseAfterRefusal)
						: awaitOther(ex, attempts.failedAt(this.lease.target()));
				if (next == null) {
					throw ex;
				}
				this.lease = next;
			}
		}
	}

	/**
	 * Wait for another lease, preferably for a target that was not tried yet.
	 * @return the lease, or {@code null} if the request must not or cannot be sent again
	 */
	private @Nullable Lease<HttpCall, ClientHttpResponse> awaitOther(Exception cause, Set<Target> tried)
			throws IOException {
		AtomicReference<@Nullable Lease<HttpCall, ClientHttpResponse>> found = new AtomicReference<>();
		try {
			acquire(this.pool, this.waits, () -> {
				found.set(this.lease.awaitOther(cause, (target) -> !tried.contains(target)));
				return this.lease;
			});
		}
		catch (InterruptedIOException ex) {
			throw ex;
		}
		catch (IOException ex) {
			cause.addSuppressed(ex);
		}
		return found.get();
	}

	private ClientHttpResponse sendOnce(HttpCall call) throws IOException {
		this.lease.describeUse(call);
		atWork.set(this);
		try {
			return this.lease.service().call(locate(call));
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (InterruptedException ex) {
			throw interrupted("Interrupted while sending a request of pool '" + this.pool.name() + "'", ex);
		}
		catch (Exception ex) {
			throw new IOException(
					"Service of pool '" + this.pool.name() + "' for target '" + this.lease.target().name() + "' failed",
					ex);
		}
		finally {
			// Null is cheaper than a removal, because the next call would create a new
			// entry.
			atWork.set(this.outer);
		}
	}

	/** Move a request to the leased target, unless its service does this itself. */
	private HttpCall locate(HttpCall call) {
		Origin origin = (this.lease.service() instanceof HttpClientService) ? null : Origin.of(this.lease.target());
		return (origin != null) ? call.withUri(origin.move(call.uri())) : call;
	}

	/**
	 * Handle the beginning of the response.
	 * @return the response, which keeps the lease active until the response or its body
	 * is closed
	 */
	ClientHttpResponse responded(ClientHttpResponse response) throws IOException {
		int status = response.getStatusCode().value();
		HttpHeaders headers = response.getHeaders();
		boolean failed = status >= 500;
		if (this.lease.service() instanceof HttpClientService service) {
			this.lease.pauseFor(service.retryAfter().of(status, headers, InstantSource.system()));
			failed = service.mayFailWith(status);
		}
		if (status >= 400) {
			this.lease.recordErrorResponse();
		}
		this.lease.occupy(JdkWindowShare.of(headers));
		return new LeasedClientHttpResponse(response,
				new ResponseLease(this.lease, failed ? new FailedResponseException(status) : null));
	}

	/**
	 * Handle a failure of the request, or of the code between the caller and the pool.
	 * Also closes the response, because no other code can close it.
	 */
	void failed(Throwable cause) {
		try {
			if (this.response != null) {
				this.response.close();
			}
		}
		finally {
			new ResponseLease(this.lease, null).failed(cause);
		}
	}

	/**
	 * Return whether the request has reached the leased service.
	 */
	boolean routed() {
		return this.routed;
	}

	/**
	 * Return the exception for an interrupted request, and restore the interrupt flag.
	 */
	private static InterruptedIOException interrupted(String message, InterruptedException cause) {
		Thread.currentThread().interrupt();
		InterruptedIOException exception = new InterruptedIOException(message);
		exception.initCause(cause);
		return exception;
	}

}
