package dev.servicepool;

/**
 * Something to do once the lock is left.
 */
sealed interface Effect<Q, R> {

	/** Make a service, on the executor. */
	record Create<Q, R>(CreationAttempt attempt) implements Effect<Q, R> {
	}

	/** Interrupt a make. */
	record CancelCreation<Q, R>(CreationAttempt attempt) implements Effect<Q, R> {
	}

	/** Ask a service whether it is ready for a waiting caller, on the executor. */
	record Poll<Q, R>(Member<Q, R> member) implements Effect<Q, R> {
	}

	/** Take a service's word that it may be ready, on the executor. */
	record WakeUp<Q, R>(Member<Q, R> member) implements Effect<Q, R> {
	}

	/** Close a service, on the executor. */
	record Close<Q, R>(Member<Q, R> member) implements Effect<Q, R> {
	}

	/** Wake a caller that has been settled. */
	record Wake<Q, R>(Waiter<Q, R> waiter) implements Effect<Q, R> {
	}

	/** Look at the time again after a while. */
	record Tick<Q, R>(long delayNanos) implements Effect<Q, R> {
	}

	/** Warn the user of a lease that may never end. */
	record TellOfLeak<Q, R>(Member<Q, R> member, LeaseRecord.Seen seen) implements Effect<Q, R> {
	}

	/** Tell the load metric that a service is taken back. */
	record Readmitted<Q, R>(Member<Q, R> member) implements Effect<Q, R> {
	}

	/** Warn the user of something that no exception can tell. */
	record Warn<Q, R>(String message) implements Effect<Q, R> {
	}

}
