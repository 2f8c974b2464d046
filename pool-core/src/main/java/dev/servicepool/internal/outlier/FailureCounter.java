package dev.servicepool.internal.outlier;

import java.time.Duration;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.OutlierDetection;

/**
 * Counts the recent failures of a service, or of all services of a target: consecutive
 * failures and the failure rate. To keep successful requests fast, successes are not
 * reported individually. Each failure reports the total number of successes instead.
 * Guarded by the lock.
 */
public final class FailureCounter {

	private final OutlierDetection detection;

	private final long interval;

	private int consecutive;

	/** The number of successes at the last failure. */
	private long successes;

	/** The number of failures in the current interval, 0 before the first one. */
	private long failures;

	private long intervalStart;

	private long successesAtStart;

	/** The sum of the shares of failures of others, one for each consecutive failure. */
	private double failuresOfOthers;

	public FailureCounter(OutlierDetection detection) {
		this.detection = detection;
		this.interval = Nanos.of(detection.interval());
	}

	/**
	 * Count a failed request.
	 * @param successes the total number of successes
	 * @param failuresOfOthers the share of failures among the last requests to others
	 * @return whether requests succeeded since the last failure
	 */
	public boolean failed(long successes, double failuresOfOthers, long now) {
		boolean succeeded = successes != this.successes;
		this.consecutive = succeeded ? 1 : this.consecutive + 1;
		this.failuresOfOthers = (this.consecutive == 1) ? failuresOfOthers : this.failuresOfOthers + failuresOfOthers;
		this.successes = successes;
		if (this.failures == 0 || now - this.intervalStart >= this.interval) {
			this.intervalStart = now;
			this.successesAtStart = successes;
			this.failures = 0;
		}
		this.failures++;
		return succeeded;
	}

	/** Return the number of consecutive failures. */
	public int consecutive() {
		return this.consecutive;
	}

	/**
	 * Return the mean share of failures among the requests to others, at the consecutive
	 * failures.
	 */
	public double failuresOfOthers() {
		return this.failuresOfOthers / this.consecutive;
	}

	/** Describe the consecutive failures. */
	public String run() {
		return Figures.count(this.consecutive, "consecutive failure");
	}

	/** Return the share of requests that failed in the current interval. */
	public double rate() {
		return (double) this.failures / requests();
	}

	private long requests() {
		return this.failures + this.successes - this.successesAtStart;
	}

	/** Return whether the failure rate has exceeded its threshold. */
	public boolean exceededRate() {
		return this.detection.failureRate() > 0 && requests() >= this.detection.requestVolume()
				&& rate() >= this.detection.failureRate();
	}

	/** Describe the failure rate. */
	public String describeRate() {
		return this.failures + " of " + requests() + " requests failed within "
				+ Figures.of(Duration.ofNanos(this.interval));
	}

	/**
	 * Reset all counters.
	 * @param successes the total number of successes
	 */
	public void forget(long successes) {
		this.consecutive = 0;
		this.failures = 0;
		this.successes = successes;
	}

}
