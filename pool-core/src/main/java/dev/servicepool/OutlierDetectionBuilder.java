package dev.servicepool;

import java.time.Duration;

/**
 * Sets the options of {@link OutlierDetection} one by one, see
 * {@link PoolBuilder#outlierDetection}. Their meaning and range is explained there.
 * <p>
 * Not safe for use by several threads.
 */
public final class OutlierDetectionBuilder {

	private int consecutiveFailures = OutlierDetection.DEFAULT_CONSECUTIVE_FAILURES;

	private double failureRate = OutlierDetection.DEFAULT_FAILURE_RATE;

	private int requestVolume = OutlierDetection.DEFAULT_REQUEST_VOLUME;

	private Duration interval = Duration.ofSeconds(OutlierDetection.DEFAULT_INTERVAL_SECONDS);

	private Duration baseEjectionTime = Duration.ofSeconds(OutlierDetection.DEFAULT_BASE_EJECTION_TIME_SECONDS);

	private Duration maxEjectionTime = Duration.ofMinutes(OutlierDetection.DEFAULT_MAX_EJECTION_TIME_MINUTES);

	OutlierDetectionBuilder() {
	}

	/**
	 * After how many failures in a row a service is ejected. Default
	 * {@value OutlierDetection#DEFAULT_CONSECUTIVE_FAILURES}.
	 * @param consecutiveFailures at least 0; 0 for never
	 * @return this builder
	 */
	public OutlierDetectionBuilder consecutiveFailures(int consecutiveFailures) {
		this.consecutiveFailures = consecutiveFailures;
		return this;
	}

	/**
	 * At which share of failed requests within an interval a service is ejected. Default
	 * {@value OutlierDetection#DEFAULT_FAILURE_RATE}.
	 * @param failureRate in [0, 1]; 0 for never
	 * @return this builder
	 */
	public OutlierDetectionBuilder failureRate(double failureRate) {
		this.failureRate = failureRate;
		return this;
	}

	/**
	 * How many requests there must be in an interval for that share to mean something.
	 * Default {@value OutlierDetection#DEFAULT_REQUEST_VOLUME}.
	 * @param requestVolume at least 1
	 * @return this builder
	 */
	public OutlierDetectionBuilder requestVolume(int requestVolume) {
		this.requestVolume = requestVolume;
		return this;
	}

	/**
	 * Over how much time that share is taken, and after how much time without failing
	 * badly one ejection is forgotten. Default
	 * {@value OutlierDetection#DEFAULT_INTERVAL_SECONDS} s.
	 * @param interval greater than zero
	 * @return this builder
	 */
	public OutlierDetectionBuilder interval(Duration interval) {
		this.interval = interval;
		return this;
	}

	/**
	 * How long a first ejection lasts. Default
	 * {@value OutlierDetection#DEFAULT_BASE_EJECTION_TIME_SECONDS} s.
	 * @param baseEjectionTime greater than zero
	 * @return this builder
	 */
	public OutlierDetectionBuilder baseEjectionTime(Duration baseEjectionTime) {
		this.baseEjectionTime = baseEjectionTime;
		return this;
	}

	/**
	 * The longest ejection. Default
	 * {@value OutlierDetection#DEFAULT_MAX_EJECTION_TIME_MINUTES} min.
	 * @param maxEjectionTime at least {@code baseEjectionTime}
	 * @return this builder
	 */
	public OutlierDetectionBuilder maxEjectionTime(Duration maxEjectionTime) {
		this.maxEjectionTime = maxEjectionTime;
		return this;
	}

	OutlierDetection build() {
		return new OutlierDetection(this.consecutiveFailures, this.failureRate, this.requestVolume, this.interval,
				this.baseEjectionTime, this.maxEjectionTime);
	}

}
