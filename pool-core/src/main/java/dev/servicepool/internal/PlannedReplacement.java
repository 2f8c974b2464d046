package dev.servicepool.internal;

import java.util.Objects;

import dev.servicepool.PoolEvent.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Replacement of a service that is due, successor first. The old service is retired when
 * the successor is ready. Guarded by the lock.
 */
final class PlannedReplacement<Q, R> {

	private final Member<Q, R> old;

	private final Reason reason;

	private final String message;

	private final CreationAttempt attempt;

	/** The service that has joined and may not have been ready. */
	private @Nullable Member<Q, R> successor;

	private boolean oldFailed;

	/**
	 * Create a replacement.
	 * @param old the service to replace
	 * @param reason the reason for its retirement
	 * @param message the description of the reason
	 * @param attempt the attempt to create the successor
	 */
	PlannedReplacement(Member<Q, R> old, Reason reason, String message, CreationAttempt attempt) {
		this.old = old;
		this.reason = reason;
		this.message = message;
		this.attempt = attempt;
	}

	Member<Q, R> old() {
		return this.old;
	}

	Reason reason() {
		return this.reason;
	}

	String message() {
		return this.message;
	}

	/** Return whether the attempt creates the successor. */
	boolean isCreatedBy(CreationAttempt attempt) {
		return this.attempt == attempt;
	}

	/** Record that the old service has failed before its successor was ready. */
	void oldFailed() {
		this.oldFailed = true;
	}

	boolean hasOldFailed() {
		return this.oldFailed;
	}

	void joined(Member<Q, R> successor) {
		this.successor = successor;
	}

	boolean hasJoined() {
		return this.successor != null;
	}

	boolean isSuccessorPending() {
		return successor().isPending();
	}

	boolean isSuccessorLive() {
		return successor().isLive();
	}

	private Member<Q, R> successor() {
		return Objects.requireNonNull(this.successor, "successor");
	}

}
