package dev.servicepool.internal;

/**
 * Action that runs after the lock has been released.
 */
sealed interface Effect<Q, R> {

	/** Create a service, on the executor. */
	record Create<Q, R>(CreationAttempt attempt) implements Effect<Q, R> {
	}

	/** Interrupt a creation. */
	record CancelCreation<Q, R>(CreationAttempt attempt) implements Effect<Q, R> {
	}

	/** Poll a service for the wait queue, on the executor. */
	record Poll<Q, R>(Member<Q, R> member) implements Effect<Q, R> {
	}

	/** Process the wake-up of a service, on the executor. */
	record WakeUp<Q, R>(Member<Q, R> member) implements Effect<Q, R> {
	}

	/** Close a service, on the executor. */
	record Close<Q, R>(Member<Q, R> member) implements Effect<Q, R> {
	}

	/** Wake a settled caller. */
	record Wake<Q, R>(Waiter<Q, R> waiter) implements Effect<Q, R> {
	}

	/** Check for due work after a delay. */
	record Tick<Q, R>(long delayNanos) implements Effect<Q, R> {
	}

	/** Log a suspected lease leak. */
	record ReportLeak<Q, R>(Member<Q, R> member, LeaseRecord.Observed observed) implements Effect<Q, R> {
	}

	/** Notify the load tracker that the service was readmitted. */
	record Readmitted<Q, R>(Member<Q, R> member) implements Effect<Q, R> {
	}

	/** Log a warning. */
	record Warn<Q, R>(String message) implements Effect<Q, R> {
	}

}
