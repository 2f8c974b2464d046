package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolException;
import dev.servicepool.spring.http.client.JdkWindowShare;
import io.micrometer.observation.Observation;
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

	final Pool<HttpCall, ClientHttpResponse> pool;

	final RequestHandling handling;

	final RequestPolicy policy;

	/** The deadline of the request, if it has one. */
	final @Nullable Deadline deadline;

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

	private ActiveLease(Pool<HttpCall, ClientHttpResponse> pool, RequestHandling handling, RequestPolicy policy,
			@Nullable Deadline deadline, Lease<HttpCall, ClientHttpResponse> lease) {
		this.pool = pool;
		this.handling = handling;
		this.policy = policy;
		this.deadline = deadline;
		this.lease = lease;
	}

	/**
	 * Acquire a lease.
	 * @param attributes the attributes of the request
	 * @throws InterruptedIOException if the thread is interrupted while it waits
	 * @throws IOException if no service is available; the cause is a
	 * {@link PoolException}
	 */
	static ActiveLease of(Pool<HttpCall, ClientHttpResponse> pool, RequestHandling handling,
			Map<String, Object> attributes) throws IOException {
		RequestPolicy policy = handling.policy(pool.name());
		Duration duration = policy.deadlineOf(attributes.get(RequestPolicy.DEADLINE_ATTRIBUTE));
		if (duration == null) {
			return new ActiveLease(pool, handling, policy, null, handling.waits().await(pool, null, pool::acquire));
		}
		Deadline deadline = new Deadline(pool.name(), duration, policy.deadlineHeader());
		return new ActiveLease(pool, handling, policy, deadline, handling.waits()
			.await(pool, deadline, () -> pool.acquire(deadline.atFirst(pool.settings().acquireTimeout()))));
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
	 * it is sent again through another service. A request that can be repeated is also
	 * sent again after the failures and statuses of the policy. Any other request that a
	 * server may have processed is never sent again. A request that may have a signature
	 * for the address of its target stays on that target.
	 */
	ClientHttpResponse send(HttpCall call) throws IOException {
		this.routed = true;
		WatchedCall watched = new WatchedCall(call);
		Hedge hedge = hedge(watched, call);
		Repetition repetition = null;
		while (true) {
			try {
				ClientHttpResponse response = (repetition != null) ? sendAgain(watched.call(), repetition.reason())
						: sendFirst(watched.call(), hedge);
				this.response = response;
				if (!this.policy.repeatsAfter(response)) {
					return response;
				}
				repetition = (repetition != null) ? repetition : new Repetition(this, watched, hedge);
				if (!repetition.begin(response)) {
					return response;
				}
			}
			catch (IOException | RuntimeException ex) {
				if (this.response != null) {
					throw ex;
				}
				repetition = (repetition != null) ? repetition : new Repetition(this, watched, hedge);
				if (!repetition.begin(ex)) {
					throw ex;
				}
			}
		}
	}

	/** Return the second attempt of a request, if there may be one beside the first. */
	private @Nullable Hedge hedge(WatchedCall watched, HttpCall call) {
		Hedging hedging = this.policy.hedging();
		if (hedging == null || this.pool.settings().retry().maxRetries() == 0 || !watched.isRepeatable(this.policy)
				|| !hedging.isPossible(this.pool.name(), this.lease.service())) {
			return null;
		}
		keepTargetIfSigned(call);
		Observation parent = this.handling.attempts().current();
		return new Hedge(hedging, this.lease, (second) -> this.handling.attempts()
			.observe(this.pool, second, "hedge", parent, (lease) -> sendOnce(new WatchedCall(call).call(), lease)));
	}

	private ClientHttpResponse sendFirst(HttpCall call, @Nullable Hedge hedge) throws IOException {
		if (hedge == null) {
			return sendOnce(call, this.lease);
		}
		ClientHttpResponse response = hedge.send((lease) -> sendOnce(call, lease));
		this.lease = hedge.lease();
		this.response = response;
		hedge.recordLatency(response);
		return response;
	}

	private ClientHttpResponse sendAgain(HttpCall call, String reason) throws IOException {
		return this.handling.attempts().observe(this.pool, this.lease, reason, null, (lease) -> sendOnce(call, lease));
	}

	/**
	 * Keep the target of a request that may have a signature for the target's address.
	 */
	void keepTargetIfSigned(HttpCall call) {
		if (this.targetExposed && RequestSignature.isIn(call.headers())) {
			this.lease.keepTarget();
		}
	}

	/** Return the lease of the last attempt. */
	Lease<HttpCall, ClientHttpResponse> lease() {
		return this.lease;
	}

	/** Use another lease. The attempt before has ended, and its response is closed. */
	void moveTo(Lease<HttpCall, ClientHttpResponse> next) {
		this.lease = next;
		this.response = null;
	}

	private ClientHttpResponse sendOnce(HttpCall call, Lease<HttpCall, ClientHttpResponse> lease) throws IOException {
		lease.describeUse(call);
		atWork.set(this);
		try {
			HttpCall located = locate(call, lease);
			return (this.deadline != null) ? this.deadline.send(located, lease.service())
					: lease.service().call(located);
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (InterruptedException ex) {
			throw HttpFailures.interrupted("Interrupted while sending a request of pool '" + this.pool.name() + "'",
					ex);
		}
		catch (Exception ex) {
			throw new IOException(
					"Service of pool '" + this.pool.name() + "' for target '" + lease.target().name() + "' failed", ex);
		}
		finally {
			// Null is cheaper than a removal, because the next call would create a new
			// entry.
			atWork.set(this.outer);
		}
	}

	/** Move a request to the leased target, unless its service does this itself. */
	private static HttpCall locate(HttpCall call, Lease<HttpCall, ClientHttpResponse> lease) {
		Origin origin = (lease.service() instanceof HttpClientService) ? null : Origin.of(lease.target());
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
		boolean shared = true;
		if (this.lease.service() instanceof HttpClientService service) {
			this.lease.pauseFor(service.retryAfter().of(status, headers, InstantSource.system()));
			failed = service.mayFailWith(status);
			shared = service.sharesConnection();
		}
		if (status >= 400) {
			this.lease.recordErrorResponse();
		}
		this.lease.occupy(shared ? JdkWindowShare.of(headers) : 0);
		return new LeasedClientHttpResponse(response, this.lease, failed ? new FailedResponseException(status) : null);
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
			HttpFailures.fail(this.lease, cause);
		}
	}

	/**
	 * Return whether the request has reached the leased service.
	 */
	boolean routed() {
		return this.routed;
	}

}
