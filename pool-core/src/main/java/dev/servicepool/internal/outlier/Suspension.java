package dev.servicepool.internal.outlier;

import dev.servicepool.OutlierDetection;

/**
 * Reasons why a live service is suspended, and their end: an ejection, or a pause that
 * its server asked for. Guarded by the lock.
 */
public final class Suspension {

	public final Ejection ejection;

	/** The recent failures of the service. */
	public final FailureCounter failures;

	/** The calls of the service, to compare them with those of other services. */
	public final CallWindow calls = new CallWindow();

	/** Whether the server has asked for a pause. */
	private boolean paused;

	/** The end of the pause. */
	private long pausedUntil;

	/**
	 * Whether the service reported that it is pending, and has not woken the pool since.
	 */
	private boolean reportedPending;

	public Suspension(OutlierDetection detection, long now) {
		this.ejection = new Ejection(detection, now);
		this.failures = new FailureCounter(detection);
	}

	/** Record a pause that the server asked for. */
	public void pause(long until) {
		if (!this.paused || until - this.pausedUntil > 0) {
			this.paused = true;
			this.pausedUntil = until;
		}
	}

	/** End the pause. */
	public void endPause() {
		this.paused = false;
	}

	/** Compare the ends of two pauses. */
	public int comparePause(Suspension other) {
		return Long.signum(this.pausedUntil - other.pausedUntil);
	}

	/** Return whether the service is paused. */
	public boolean isPaused(long now) {
		return this.paused && now - this.pausedUntil < 0;
	}

	/** Return the remaining time of the pause in nanoseconds. */
	public long remainingPause(long now) {
		return isPaused(now) ? this.pausedUntil - now : 0;
	}

	/**
	 * Return whether the service reported that it is pending, and has not woken the pool
	 * since.
	 */
	public boolean reportedPending() {
		return this.reportedPending;
	}

	/** Record whether the service is pending. */
	public void reportedPending(boolean pending) {
		this.reportedPending = pending;
	}

}
