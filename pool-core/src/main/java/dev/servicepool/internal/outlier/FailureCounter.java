package dev.servicepool.internal.outlier;

import java.time.Duration;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.internal.util.Nanos;
import dev.servicepool.OutlierDetection;
import org.jspecify.annotations.Nullable;

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

	public FailureCounter(OutlierDetection detection) {
		this.detection = detection;
		this.interval = Nanos.of(detection.interval());
	}

	/**
	 * Count a failed request.
	 * @param successes the total number of successes
	 * @return whether requests succeeded since the last failure
	 */
	public boolean failed(long successes, long now) {
		boolean succeeded = successes != this.successes;
		this.consecutive = succeeded ? 1 : this.consecutive + 1;
		this.successes = successes;
		if (this.failures == 0 || now - this.intervalStart >= this.interval) {
			this.intervalStart = now;
			this.successesAtStart = successes;
			this.failures = 0;
		}
		this.failures++;
		return succeeded;
	}

	/**
	 * Return the description of the exceeded threshold, or {@code null} if none is
	 * exceeded.
	 */
	public @Nullable String exceededThreshold() {
		if (this.detection.consecutiveFailures() > 0 && this.consecutive >= this.detection.consecutiveFailures()) {
			return Figures.count(this.consecutive, "consecutive failure");
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
	 * Reset all counters.
	 * @param successes the total number of successes
	 */
	public void forget(long successes) {
		this.consecutive = 0;
		this.failures = 0;
		this.successes = successes;
	}

}
