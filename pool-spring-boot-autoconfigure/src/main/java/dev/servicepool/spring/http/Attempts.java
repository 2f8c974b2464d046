package dev.servicepool.spring.http;

import java.util.HashSet;
import java.util.Set;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import dev.servicepool.Target;
import dev.servicepool.spring.http.client.ClientFailures;

/**
 * Failed attempts of one request, which decide whether it may be sent again. Attempts
 * whose response has a status of the policy count as failed. Used only by the thread of
 * the request.
 */
final class Attempts {

	/** Maximum number of attempts for one request. */
	private static final int MAX = 10;

	/**
	 * Maximum number of attempts that send nothing because the connection carries no more
	 * requests. The limit is high, because each new connection may refuse the caller that
	 * waits first.
	 */
	private static final int MAX_REFUSED = 1000;

	private final Set<Target> failedAt = new HashSet<>();

	private int failed;

	private int refused;

	private int sharedLosses;

	private final RequestPolicy policy;

	private final int maxRetries;

	private int retries;

	Attempts(RequestPolicy policy, int maxRetries) {
		this.policy = policy;
		this.maxRetries = maxRetries;
	}

	/**
	 * Record a failed attempt.
	 * @param lease the lease of the attempt
	 * @return whether the request may be sent again
	 */
	boolean allowAnother(WatchedCall call, Exception failure, Lease<?, ?> lease) {
		boolean last = ClientFailures.isStreamLimit(failure) ? ++this.refused == MAX_REFUSED : ++this.failed == MAX;
		return !last && isRepeatable(call, failure, lease);
	}

	/**
	 * Record an attempt whose response has a status of the policy.
	 * @return whether the request may be sent again
	 */
	boolean allowAnother(WatchedCall call) {
		return ++this.failed < MAX && call.isRepeatable(this.policy) && isWithinRetries(true);
	}

	private boolean isRepeatable(WatchedCall call, Exception failure, Lease<?, ?> lease) {
		Outcome outcome = HttpFailures.INSTANCE.classify(failure);
		return switch (outcome) {
			case NOT_SENT -> call.isUnsent();
			case BROKEN -> call.isRepeatable(this.policy) || call.isCertainlyUnsent();
			case CONNECTION_LOST, NO_RESPONSE -> isCovered(outcome, lease) && call.isRepeatable(this.policy)
					&& isWithinRetries(isRetry(outcome, failure, lease));
			default -> false;
		};
	}

	/**
	 * Return whether the policy contains an outcome. A timeout is a lost connection if
	 * the connection is known to have ended.
	 */
	private boolean isCovered(Outcome outcome, Lease<?, ?> lease) {
		return this.policy.failures().contains(outcome)
				|| (this.policy.failures().contains(Outcome.CONNECTION_LOST) && lease.hasConnectionEnded());
	}

	/**
	 * Record a lost attempt, and return whether the next one counts as a retry. A server
	 * that shuts down closes all of its connections, so that the next attempt may meet
	 * the same end. A shared connection ends for all of its requests, most of which are
	 * not the reason, so that its first loss does not count.
	 */
	private boolean isRetry(Outcome outcome, Exception failure, Lease<?, ?> lease) {
		if (ClientFailures.isShutdown(failure)) {
			return false;
		}
		boolean shared = outcome == Outcome.CONNECTION_LOST && lease.service().sharesConnection();
		return !shared || this.sharedLosses++ > 0;
	}

	/**
	 * Return whether a request may be repeated that a server may have processed.
	 * @param retry whether the next attempt counts as a retry; if retries are disabled,
	 * there is no such attempt either way
	 */
	private boolean isWithinRetries(boolean retry) {
		this.retries += retry ? 1 : 0;
		return this.maxRetries > 0 && this.retries <= this.maxRetries;
	}

	/** Record an attempt that was sent while the first one was in progress. */
	void hedged(Target target) {
		this.retries++;
		this.failedAt.add(target);
	}

	/** Record the target of a failed attempt, and return all of them. */
	Set<Target> failedAt(Target target) {
		this.failedAt.add(target);
		return this.failedAt;
	}

}
