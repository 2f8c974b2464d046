package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Target;
import dev.servicepool.spring.http.client.ClientFailures;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Repetition of a request after an attempt that has failed, or whose response has a
 * status of the policy. If the attempt was not sent, or if its connection was lost, the
 * request waits for another lease. If its server may be overloaded, the request gets
 * another lease only if a permit is free. Used only by the thread of the request.
 */
final class Repetition {

	private final ActiveLease active;

	private final WatchedCall call;

	private final Attempts attempts;

	private String reason = "";

	/**
	 * Create an instance after the first attempt.
	 * @param hedge the second attempt beside the first one, if there may have been one
	 */
	Repetition(ActiveLease active, WatchedCall call, @Nullable Hedge hedge) {
		this.active = active;
		this.call = call;
		this.attempts = new Attempts(active.policy, active.pool.settings().retry().maxRetries());
		Target second = (hedge != null) ? hedge.secondTarget() : null;
		if (second != null) {
			this.attempts.hedged(second);
		}
	}

	/** Return the reason for the next attempt. */
	String reason() {
		return this.reason;
	}

	/**
	 * Move to another lease after a failure, preferably for a target that was not tried
	 * before.
	 * @return whether there is another lease, with which the request can be sent again
	 * @throws IOException if the service refused the request, and no other one is
	 * available
	 */
	boolean begin(Exception failure) throws IOException {
		Lease<HttpCall, ClientHttpResponse> lease = this.active.lease();
		ClientFailures.logIfUnknown(this.active.pool.name(), failure);
		if (this.call.hasBodyFailed()) {
			lease.close();
			return false;
		}
		if (!this.attempts.allowAnother(this.call, failure, lease) || isOver()) {
			return false;
		}
		this.active.keepTargetIfSigned(this.call.call());
		Lease<HttpCall, ClientHttpResponse> next = leaseAfter(failure, lease, this.attempts.failedAt(lease.target()));
		if (next == null) {
			return false;
		}
		this.active.moveTo(next);
		Outcome outcome = HttpFailures.INSTANCE.classify(failure);
		if (outcome == Outcome.CONNECTION_LOST && next.service() instanceof HttpClientService service) {
			// The next attempt should use a new connection, because its server may have
			// closed all of the others.
			service.closeIdleConnections();
		}
		this.reason = reason(outcome);
		return true;
	}

	private @Nullable Lease<HttpCall, ClientHttpResponse> leaseAfter(Exception failure,
			Lease<HttpCall, ClientHttpResponse> lease, Set<Target> tried) throws IOException {
		if (ClientFailures.isRefused(failure)) {
			return await(() -> lease.awaitLeaseAfterRefusal(longestWait()));
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
	 * Move to another lease after a response, which is closed then, preferably for a
	 * target that was not tried before. A server that requests a pause is not used again.
	 * @return whether there is another lease, with which the request can be sent again
	 */
	boolean begin(ClientHttpResponse response) throws IOException {
		if (!this.attempts.allowAnother(this.call) || isOver()) {
			return false;
		}
		Lease<HttpCall, ClientHttpResponse> lease = this.active.lease();
		this.active.keepTargetIfSigned(this.call.call());
		Set<Target> tried = this.attempts.failedAt(lease.target());
		Duration pause = RetryAfter.of(response.getHeaders(), InstantSource.system());
		boolean paused = !pause.isNegative() && !pause.isZero();
		Lease<HttpCall, ClientHttpResponse> next = lease.tryOther((target) -> !paused || !target.equals(lease.target()),
				(target) -> !tried.contains(target));
		if (next == null) {
			return false;
		}
		try {
			this.active.responded(response).close();
		}
		catch (Throwable ex) {
			next.returnUnsent();
			throw ex;
		}
		this.active.moveTo(next);
		this.reason = "status";
		return true;
	}

	private @Nullable Lease<HttpCall, ClientHttpResponse> awaitOther(Exception cause,
			Lease<HttpCall, ClientHttpResponse> lease, Predicate<Target> untried) throws InterruptedIOException {
		AtomicReference<@Nullable Lease<HttpCall, ClientHttpResponse>> found = new AtomicReference<>();
		try {
			await(() -> {
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

	private Lease<HttpCall, ClientHttpResponse> await(WaitObservations.Wait wait) throws IOException {
		return this.active.handling.waits().await(this.active.pool, this.active.deadline, wait);
	}

	private boolean isOver() {
		return this.active.deadline != null && this.active.deadline.isOver();
	}

	private Duration longestWait() {
		Duration forever = ChronoUnit.FOREVER.getDuration();
		return (this.active.deadline != null) ? this.active.deadline.limit(forever) : forever;
	}

	private static String reason(Outcome outcome) {
		return switch (outcome) {
			case NO_RESPONSE -> "timeout";
			case NOT_SENT, CONNECTION_LOST, BROKEN -> outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
			default -> throw new IllegalArgumentException("No attempt follows the outcome " + outcome);
		};
	}

}
