package dev.servicepool.spring.http;

import java.util.HashSet;
import java.util.Set;

import dev.servicepool.Target;
import dev.servicepool.spring.http.client.ClientFailures;

/**
 * Failed attempts of one request, which decide whether it may be sent again. Used only by
 * the thread of the request.
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

	private final int maxRetries;

	private int retries;

	Attempts(int maxRetries) {
		this.maxRetries = maxRetries;
	}

	/**
	 * Record a failed attempt.
	 * @return whether the request may be sent again
	 */
	boolean allowAnother(WatchedCall call, Exception failure) {
		boolean last = ClientFailures.isStreamLimit(failure) ? ++this.refused == MAX_REFUSED : ++this.failed == MAX;
		return !last && isRepeatable(call, failure);
	}

	private boolean isRepeatable(WatchedCall call, Exception failure) {
		return switch (HttpFailures.INSTANCE.classify(failure)) {
			case NOT_SENT -> call.isUnsent();
			case BROKEN -> call.isSafe() || call.isCertainlyUnsent();
			case CONNECTION_LOST -> call.isSafe() && isWithinRetries(failure);
			default -> false;
		};
	}

	/**
	 * Return whether a request may be repeated after a lost connection. A server that
	 * shuts down closes all of its connections, so that the next attempt may meet the
	 * same end. Such an attempt is no retry, unless retries are disabled.
	 */
	private boolean isWithinRetries(Exception failure) {
		this.retries += ClientFailures.isShutdown(failure) ? 0 : 1;
		return this.maxRetries > 0 && this.retries <= this.maxRetries;
	}

	/** Record the target of a failed attempt, and return all of them. */
	Set<Target> failedAt(Target target) {
		this.failedAt.add(target);
		return this.failedAt;
	}

}
