package dev.servicepool;

/**
 * Why a service gets no requests at present although it is live, and until when: it was
 * ejected, or its server has asked to be left alone. Guarded by the pool's lock.
 */
final class Suspension {

	final Ejection ejection;

	/** What is known of its failures. */
	final FailureCounter failures;

	/** Whether its server has asked to be left alone for a while. */
	private boolean paused;

	/** Until when. */
	private long pausedUntil;

	/** Whether the service has said that it is pending, and has not woken the pool. */
	boolean reportedPending;

	Suspension(OutlierDetection detection, long now) {
		this.ejection = new Ejection(detection, now);
		this.failures = new FailureCounter(detection);
	}

	/** The server asks to be left alone. */
	void pause(long until) {
		if (!this.paused || until - this.pausedUntil > 0) {
			this.paused = true;
			this.pausedUntil = until;
		}
	}

	/** Whether the server is to be left alone. */
	boolean isPaused(long now) {
		return this.paused && now - this.pausedUntil < 0;
	}

	/** Return how long the server is to be left alone yet, in nanoseconds. */
	long remainingPause(long now) {
		return isPaused(now) ? this.pausedUntil - now : 0;
	}

}
