package dev.servicepool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The recent failures of a service, or of all services of a target: how many in a row,
 * and how many of all requests. Successes are not told to it one by one, which would make
 * each of them dearer; it sees at each failure how many there were so far. Guarded by the
 * pool's lock.
 */
final class FailureCounter {

	private final OutlierDetection detection;

	private final long interval;

	private int inRow;

	/** How many successes there were at the last failure. */
	private long successes;

	/** The failures of the current interval, 0 if there is none yet. */
	private long failures;

	private long intervalStart;

	private long successesAtStart;

	FailureCounter(OutlierDetection detection) {
		this.detection = detection;
		this.interval = Nanos.of(detection.interval());
	}

	/**
	 * A request has failed.
	 * @param successes how many have succeeded so far
	 * @return whether some have since the last failure
	 */
	boolean failed(long successes, long now) {
		boolean succeeded = successes != this.successes;
		this.inRow = succeeded ? 1 : this.inRow + 1;
		this.successes = successes;
		if (this.failures == 0 || now - this.intervalStart >= this.interval) {
			this.intervalStart = now;
			this.successesAtStart = successes;
			this.failures = 0;
		}
		this.failures++;
		return succeeded;
	}

	/** Say why this is too much, if it is. */
	@Nullable String tooMuch() {
		if (this.detection.consecutiveFailures() > 0 && this.inRow >= this.detection.consecutiveFailures()) {
			return this.inRow + " failures in a row";
		}
		long requests = this.failures + this.successes - this.successesAtStart;
		if (this.detection.failureRate() > 0 && requests >= this.detection.requestVolume()
				&& this.failures >= this.detection.failureRate() * requests) {
			return this.failures + " of " + requests + " requests failed within "
					+ Figures.of(Duration.ofNanos(this.interval));
		}
		return null;
	}

	/**
	 * What was does not count any more.
	 * @param successes how many requests have succeeded so far
	 */
	void forget(long successes) {
		this.inRow = 0;
		this.failures = 0;
		this.successes = successes;
	}

}
