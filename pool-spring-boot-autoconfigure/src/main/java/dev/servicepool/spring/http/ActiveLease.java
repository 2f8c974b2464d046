package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolException;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;

/**
 * A lease on its way from the interceptor that took it, through the interceptors after
 * it, to the request factory that sends by its service. It travels in the attributes of
 * the request.
 */
final class ActiveLease {

	private static final String ATTRIBUTE = ActiveLease.class.getName();

	/** How often a request is given to a service at most that may have heard of it. */
	private static final int ATTEMPTS = 10;

	/**
	 * How often a request is given to a connection at most that carries no more, and so
	 * sends nothing: whoever waits first may be refused by each that is new.
	 */
	private static final int REFUSALS = 1000;

	/**
	 * The lease whose service is at work on this thread, if any: set for the time of the
	 * call only, so it does not matter whose thread it is.
	 */
	private static final ThreadLocal<@Nullable ActiveLease> atWork = new ThreadLocal<>();

	private final Pool<HttpCall, ClientHttpResponse> pool;

	private final WaitObservations waits;

	/** The lease within whose call this one was taken, if any. */
	private final @Nullable ActiveLease outer = atWork.get();

	/** Used by the thread of the request only. */
	private Lease<HttpCall, ClientHttpResponse> lease;

	/** Used by the thread of the request only. */
	private boolean routed;

	/** Used by the thread of the request only: where no connection was to be had. */
	private Set<Target> unreachable = Set.of();

	/** What the service has answered. Used by the thread of the request only. */
	private @Nullable ClientHttpResponse response;

	private ActiveLease(Pool<HttpCall, ClientHttpResponse> pool, WaitObservations waits,
			Lease<HttpCall, ClientHttpResponse> lease) {
		this.pool = pool;
		this.waits = waits;
		this.lease = lease;
	}

	/**
	 * Take a lease.
	 * @throws InterruptedIOException if the thread was interrupted while it waited
	 * @throws PoolException if no service could be had
	 */
	static ActiveLease of(Pool<HttpCall, ClientHttpResponse> pool, WaitObservations waits)
			throws InterruptedIOException {
		try {
			return new ActiveLease(pool, waits, waits.observe(pool, pool::acquire));
		}
		catch (InterruptedException ex) {
			throw interrupted("Interrupted while waiting for a service of pool '" + pool.name() + "'", ex);
		}
	}

	/**
	 * Return where the leased service sends requests, if it has an address.
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
	 * Whether a service of a pool is at work on this thread: what it sends is its own
	 * business.
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
	 * Send a request by the leased service. If that could not send it at all, another
	 * lease takes the place of this one; a request that may have been sent is never sent
	 * again.
	 */
	ClientHttpResponse send(HttpCall call) throws IOException {
		this.routed = true;
		WatchedCall watched = new WatchedCall(call);
		int attempts = 0;
		int refusals = 0;
		while (true) {
			try {
				this.response = sendOnce(watched.call());
				return this.response;
			}
			catch (IOException ex) {
				UnsentRequest unsent = UnsentRequest.by(ex);
				boolean last = (unsent == UnsentRequest.STREAM_LIMIT) ? ++refusals == REFUSALS : ++attempts == ATTEMPTS;
				if (unsent == null || last || !watched.isRepeatable()) {
					throw ex;
				}
				if (unsent != UnsentRequest.NO_CONNECTION) {
					refused();
				}
				else if (!moved(ex)) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Take another lease for a target that was not tried yet, if there is one.
	 */
	private boolean moved(IOException cause) {
		Set<Target> unreachable = new HashSet<>(this.unreachable);
		unreachable.add(this.lease.target());
		this.unreachable = unreachable;
		Lease<HttpCall, ClientHttpResponse> other = this.pool.tryAcquire((target) -> !unreachable.contains(target));
		if (other == null) {
			return false;
		}
		this.lease.fail(cause);
		this.lease = other;
		return true;
	}

	private void refused() throws InterruptedIOException {
		try {
			this.lease = this.waits.observe(this.pool, this.lease::awaitLeaseAfterRefusal);
		}
		catch (InterruptedException ex) {
			throw interrupted("Interrupted while waiting for another service", ex);
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
			throw interrupted("Interrupted while sending a request", ex);
		}
		catch (Exception ex) {
			throw new IOException("The service of target '" + this.lease.target().name() + "' failed", ex);
		}
		finally {
			// Null is cheaper than nothing, which would have to be made anew each time.
			atWork.set(this.outer);
		}
	}

	/**
	 * The response has begun.
	 * @return the response, which holds the lease until it or its body is closed
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
	 * The request has failed, or what came between it and the caller has. If there is a
	 * response, nobody else can close it any more.
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
	 * Whether the request has reached the leased service.
	 */
	boolean routed() {
		return this.routed;
	}

	/**
	 * Turn an interruption into what a request may fail with, and restore the interrupt
	 * flag.
	 */
	private static InterruptedIOException interrupted(String message, InterruptedException cause) {
		Thread.currentThread().interrupt();
		InterruptedIOException exception = new InterruptedIOException(message);
		exception.initCause(cause);
		return exception;
	}

}
