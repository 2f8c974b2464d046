package dev.servicepool.internal;

import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * Attempt to create a service.
 */
final class CreationAttempt {

	/** The number of the attempt, which becomes the ID of the service. */
	final long id;

	final Target target;

	/** The reason for the creation, for the event. */
	final String message;

	/** Whether the service is the successor of one that does not respond. */
	final boolean replacement;

	/** The time at which the attempt times out. */
	final long deadline;

	/** The thread that is creating the service. Guarded by this. */
	private @Nullable Thread creator;

	/** Guarded by this. */
	private boolean cancelled;

	CreationAttempt(long id, Target target, String message, boolean replacement, long deadline) {
		this.id = id;
		this.target = target;
		this.message = message;
		this.replacement = replacement;
		this.deadline = deadline;
	}

	/** Register the current thread as the one that creates the service. */
	synchronized void begin() {
		this.creator = Thread.currentThread();
		if (this.cancelled) {
			this.creator.interrupt();
		}
	}

	/**
	 * Unregister the current thread. An interrupt that was meant for this attempt is
	 * cleared.
	 */
	synchronized void end() {
		this.creator = null;
		if (this.cancelled) {
			Thread.interrupted();
		}
	}

	/** Interrupt the thread because the attempt timed out or is not needed any more. */
	synchronized void cancel() {
		this.cancelled = true;
		if (this.creator != null) {
			this.creator.interrupt();
		}
	}

}
