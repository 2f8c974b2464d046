package dev.servicepool;

import java.time.Duration;

/**
 * Builder of {@link OutlierDetection}, see {@link PoolBuilder#outlierDetection}.
 * <p>
 * A builder is not thread-safe.
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
	 * Set the number of consecutive service failures after which a service is ejected.
	 * Default: {@value OutlierDetection#DEFAULT_CONSECUTIVE_FAILURES}.
	 * @param consecutiveFailures the number of failures, at least 0; 0 disables this rule
	 * @return this builder
	 */
	public OutlierDetectionBuilder consecutiveFailures(int consecutiveFailures) {
		this.consecutiveFailures = consecutiveFailures;
		return this;
	}

	/**
	 * Set the share of failed requests that causes an ejection. A service is ejected if
	 * at least this share of its requests within an interval fails. Default:
	 * {@value OutlierDetection#DEFAULT_FAILURE_RATE}.
	 * @param failureRate the share, from 0 to 1; 0 disables this rule
	 * @return this builder
	 */
	public OutlierDetectionBuilder failureRate(double failureRate) {
		this.failureRate = failureRate;
		return this;
	}

	/**
	 * Set the minimum number of requests for the failure rate. The failure rate applies
	 * only after this number of requests within an interval. Default:
	 * {@value OutlierDetection#DEFAULT_REQUEST_VOLUME}.
	 * @param requestVolume the number of requests, at least 1
	 * @return this builder
	 */
	public OutlierDetectionBuilder requestVolume(int requestVolume) {
		this.requestVolume = requestVolume;
		return this;
	}

	/**
	 * Set the interval over which the failure rate is calculated. The duration of an
	 * ejection increases with the number of previous ejections. Each whole interval
	 * without a failure reduces this number by one. Default:
	 * {@value OutlierDetection#DEFAULT_INTERVAL_SECONDS} s.
	 * @param interval the interval, greater than zero
	 * @return this builder
	 */
	public OutlierDetectionBuilder interval(Duration interval) {
		this.interval = interval;
		return this;
	}

	/**
	 * Set the duration of the first ejection. Further ejections last longer, see
	 * {@link OutlierDetection#baseEjectionTime()}. Default:
	 * {@value OutlierDetection#DEFAULT_BASE_EJECTION_TIME_SECONDS} s.
	 * @param baseEjectionTime the duration, greater than zero
	 * @return this builder
	 */
	public OutlierDetectionBuilder baseEjectionTime(Duration baseEjectionTime) {
		this.baseEjectionTime = baseEjectionTime;
		return this;
	}

	/**
	 * Set the maximum duration of an ejection. Default:
	 * {@value OutlierDetection#DEFAULT_MAX_EJECTION_TIME_MINUTES} min.
	 * @param maxEjectionTime the duration, at least {@code baseEjectionTime}
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
