package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolClosedException;
import dev.servicepool.PoolException;
import dev.servicepool.Target;
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

	/** Maximum number of attempts that may have reached a server or failed to connect. */
	private static final int MAX_ATTEMPTS = 10;

	/**
	 * Maximum number of attempts that send nothing because the connection carries no more
	 * requests. The limit is high, because each new connection may refuse the caller that
	 * waits first.
	 */
	private static final int MAX_REFUSED_ATTEMPTS = 1000;

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

	/** Used only by the thread of the request. */
	private boolean routed;

	/**
	 * Targets to which no connection could be established. Used only by the thread of the
	 * request.
	 */
	private Set<Target> unreachable = Set.of();

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
	 * Return the address to which the leased service sends requests, if it has one.
	 */
	@Nullable Origin origin() {
		return Origin.of(this.lease.target());
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
	 * another lease replaces this one, and the request is sent again. A request that a
	 * server may have processed is never sent again.
	 */
	ClientHttpResponse send(HttpCall call) throws IOException {
		this.routed = true;
		WatchedCall watched = new WatchedCall(call);
		int attempts = 0;
		int refusedAttempts = 0;
		while (true) {
			try {
				this.response = sendOnce(watched.call());
				return this.response;
			}
			catch (IOException ex) {
				UnsentRequest unsent = UnsentRequest.by(ex);
				boolean last = (unsent == UnsentRequest.STREAM_LIMIT) ? ++refusedAttempts == MAX_REFUSED_ATTEMPTS
						: ++attempts == MAX_ATTEMPTS;
				if (unsent == null || last || !watched.isRepeatable()) {
					throw ex;
				}
				if (unsent != UnsentRequest.NO_CONNECTION) {
					this.lease = acquire(this.pool, this.waits, this.lease::awaitLeaseAfterRefusal);
				}
				else if (!moved(ex)) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Acquire another lease for a target that has not been tried, if a service is free.
	 * @return whether another lease has replaced this one
	 */
	private boolean moved(IOException cause) {
		Set<Target> unreachable = new HashSet<>(this.unreachable);
		unreachable.add(this.lease.target());
		this.unreachable = unreachable;
		Lease<HttpCall, ClientHttpResponse> other = tryAcquire((target) -> !unreachable.contains(target));
		if (other == null) {
			return false;
		}
		this.lease.fail(cause);
		this.lease = other;
		return true;
	}

	/**
	 * Acquire a lease without waiting. Returns {@code null} if the pool is closed, so
	 * that the caller receives the original exception of the request.
	 */
	private @Nullable Lease<HttpCall, ClientHttpResponse> tryAcquire(Predicate<Target> wanted) {
		try {
			return this.pool.tryAcquire(wanted);
		}
		catch (PoolClosedException ex) {
			return null;
		}
	}

	private ClientHttpResponse sendOnce(HttpCall call) throws IOException {
		this.lease.describeUse(call);
		atWork.set(this);
		try {
			return this.lease.service().call(call);
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

	/**
	 * Handle the beginning of the response.
	 * @return the response, which keeps the lease active until the response or its body
	 * is closed
	 */
	ClientHttpResponse responded(ClientHttpResponse response) throws IOException {
		int status = response.getStatusCode().value();
		HttpHeaders headers = response.getHeaders();
		if (this.lease.service() instanceof HttpClientService service) {
			this.lease.pauseFor(service.retryAfter().of(status, headers, InstantSource.system()));
		}
		if (status >= 500) {
			return new LeasedClientHttpResponse(response,
					new ResponseLease(this.lease, new FailedResponseException(status)));
		}
		if (SpokenProtocol.isHttp2(headers)) {
			this.lease.occupy(WindowShare.of(headers));
		}
		else {
			this.lease.recordResponse();
		}
		return new LeasedClientHttpResponse(response, new ResponseLease(this.lease, null));
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
