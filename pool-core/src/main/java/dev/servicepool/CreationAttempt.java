package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to make a service.
 */
final class CreationAttempt {

	/** Its number, which becomes the id of the service. */
	final long id;

	final Target target;

	/** Why the service is made. */
	final String message;

	/** When it must have ended. */
	final long deadline;

	/** The thread that makes the service, while it does. Guarded by this. */
	private @Nullable Thread creator;

	/** Guarded by this. */
	private boolean cancelled;

	CreationAttempt(long id, Target target, String message, long deadline) {
		this.id = id;
		this.target = target;
		this.message = message;
		this.deadline = deadline;
	}

	/** The current thread begins to make the service. */
	synchronized void begin() {
		this.creator = Thread.currentThread();
		if (this.cancelled) {
			this.creator.interrupt();
		}
	}

	/**
	 * The current thread has made the service, or failed to. An interrupt that was meant
	 * for the attempt does not outlive it.
	 */
	synchronized void end() {
		this.creator = null;
		if (this.cancelled) {
			Thread.interrupted();
		}
	}

	/** The time is up, or the pool closes: interrupt the thread. */
	synchronized void cancel() {
		this.cancelled = true;
		if (this.creator != null) {
			this.creator.interrupt();
		}
	}

}
