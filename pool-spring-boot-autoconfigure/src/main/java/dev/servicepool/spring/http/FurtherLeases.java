package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Pool;
import dev.servicepool.Target;
import dev.servicepool.spring.http.client.ClientFailures;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Source of the leases of further attempts. If the request before was not sent, or if its
 * connection was lost, the request waits for a lease. If its server may be overloaded,
 * the request gets a lease only if a permit is free.
 *
 * @param pool the pool
 * @param waits observes the waits
 * @param deadline the deadline of the request, if it has one
 */
record FurtherLeases(Pool<HttpCall, ClientHttpResponse> pool, WaitObservations waits, @Nullable Deadline deadline) {

	/**
	 * Return the lease of the attempt after a failure, preferably for a target that was
	 * not tried before.
	 * @param lease the lease of the failed attempt, which ends if there is another lease
	 * @param tried the targets that were tried before
	 * @return the lease, or {@code null} if the request must not or cannot be sent again
	 * @throws IOException if the service refused the request, and no other one is
	 * available
	 */
	@Nullable Lease<HttpCall, ClientHttpResponse> after(Exception failure, Lease<HttpCall, ClientHttpResponse> lease,
			Set<Target> tried) throws IOException {
		if (this.deadline != null && this.deadline.isOver()) {
			return null;
		}
		if (ClientFailures.isRefused(failure)) {
			return this.waits.await(this.pool, this.deadline, () -> lease.awaitLeaseAfterRefusal(longestWait()));
		}
		Predicate<Target> untried = (target) -> !tried.contains(target);
		if (HttpFailures.INSTANCE.classify(failure) != Outcome.NO_RESPONSE || lease.hasConnectionEnded()) {
			return awaitOther(failure, lease, untried);
		}
		Lease<HttpCall, ClientHttpResponse> next = lease.tryOther((target) -> true, untried);
		if (next != null) {
			lease.fail(failure);
		}
		return next;
	}

	/**
	 * Return the lease of the attempt after a response, preferably for a target that was
	 * not tried before. A server that requests a pause is not used again.
	 * @param lease the lease of the response, which remains active
	 * @param tried the targets that were tried before
	 * @return the lease, or {@code null} if the request must not or cannot be sent again
	 */
	@Nullable Lease<HttpCall, ClientHttpResponse> after(ClientHttpResponse response, Lease<HttpCall, ClientHttpResponse> lease,
			Set<Target> tried) {
		if (this.deadline != null && this.deadline.isOver()) {
			return null;
		}
		Duration pause = RetryAfter.of(response.getHeaders(), InstantSource.system());
		boolean paused = !pause.isNegative() && !pause.isZero();
		return lease.tryOther((target) -> !paused || !target.equals(lease.target()),
				(target) -> !tried.contains(target));
	}

	private @Nullable Lease<HttpCall, ClientHttpResponse> awaitOther(Exception cause,
			Lease<HttpCall, ClientHttpResponse> lease, Predicate<Target> untried) throws InterruptedIOException {
		AtomicReference<@Nullable Lease<HttpCall, ClientHttpResponse>> found = new AtomicReference<>();
		try {
			this.waits.await(this.pool, this.deadline, () -> {
				found.set(lease.awaitOther(cause, untried, longestWait()));
				return lease;
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

	private Duration longestWait() {
		Duration forever = ChronoUnit.FOREVER.getDuration();
		return (this.deadline != null) ? this.deadline.limit(forever) : forever;
	}

}
