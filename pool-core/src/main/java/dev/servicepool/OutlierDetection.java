package dev.servicepool;

import java.time.Duration;
import java.util.Objects;

/**
 * Settings of outlier detection, which ejects services that fail. The model is outlier
 * detection in Envoy (xDS).
 * <p>
 * The pool ejects a service after too many consecutive service failures, or if the share
 * of its requests that fail is too high. If a target has several services, the pool also
 * applies these rules to their combined failures. If the combined failures meet a rule,
 * the pool ejects as many services of the target as the following limits allow.
 * <p>
 * In each case, the failure rate must exceed the mean of the other targets in the same
 * interval by at least 0.3, so that requests that fail everywhere eject no service. If
 * requests fail at most of the others too, or if the others had no requests, twice the
 * number of consecutive failures is necessary. The services of a pool with one target are
 * compared with each other. If at least five targets have 100 requests each within an
 * interval, the pool also ejects a target whose success rate is more than 1.9 standard
 * deviations below the mean.
 * <p>
 * Two limits apply to every ejection: at most half of the services of the pool are
 * ejected at the same time, and the last service that accepts requests is never ejected.
 * <p>
 * An ejected service receives no requests except <em>probes</em>, which are single
 * requests of callers. The first probe is due 2 s after the ejection. After a failed
 * probe, the pool waits before it sends the next one: 4 s after the first probe, 8 s
 * after the second, and 10 s after each later one. If a probe succeeds, the pool readmits
 * the service immediately. If the ejection time ends first, the pool readmits the service
 * for a <em>probation</em>: the service receives requests one at a time until it
 * responds, and its first failure ejects it again.
 *
 * @param consecutiveFailures the number of consecutive service failures after which a
 * service is ejected, at least 0; 0 disables this rule
 * @param failureRate the share of failed requests that causes an ejection, from 0 to 1: a
 * service is ejected if at least this share of its requests within an interval fails; 0
 * disables this rule and the comparison of success rates
 * @param requestVolume the minimum number of requests, at least 1: {@code failureRate}
 * applies only after this number of requests within an interval
 * @param interval the time over which the failure rate is calculated, greater than zero;
 * an ejection lasts longer the more previous ejections count, and each whole interval
 * without a failure reduces their number by one
 * @param baseEjectionTime the duration of the first ejection; the second ejection lasts
 * twice as long, the third one three times as long, and so on, unless previous ejections
 * no longer count; greater than zero
 * @param maxEjectionTime the maximum duration of an ejection, at least
 * {@code baseEjectionTime}
 */
public record OutlierDetection(int consecutiveFailures, double failureRate, int requestVolume, Duration interval,
		Duration baseEjectionTime, Duration maxEjectionTime) {

	/** The default of {@link #consecutiveFailures}. */
	public static final int DEFAULT_CONSECUTIVE_FAILURES = 5;

	/** The default of {@link #failureRate}. */
	public static final double DEFAULT_FAILURE_RATE = 0.5;

	/** The default of {@link #requestVolume}. */
	public static final int DEFAULT_REQUEST_VOLUME = 20;

	/** The default of {@link #interval}, in seconds. */
	public static final int DEFAULT_INTERVAL_SECONDS = 10;

	/** The default of {@link #baseEjectionTime}, in seconds. */
	public static final int DEFAULT_BASE_EJECTION_TIME_SECONDS = 10;

	/** The default of {@link #maxEjectionTime}, in minutes. */
	public static final int DEFAULT_MAX_EJECTION_TIME_MINUTES = 5;

	private static final String PREFIX = "outlierDetection.";

	/**
	 * Validate the settings.
	 * @throws InvalidSettingException if a setting has an invalid value
	 */
	public OutlierDetection {
		if (consecutiveFailures < 0) {
			throw invalid("consecutiveFailures", consecutiveFailures, "must not be negative");
		}
		if (!(failureRate >= 0 && failureRate <= 1)) {
			throw invalid("failureRate", failureRate, "must be between 0 and 1");
		}
		if (requestVolume < 1) {
			throw invalid("requestVolume", requestVolume, "must be at least 1");
		}
		requirePositive("interval", interval);
		requirePositive("baseEjectionTime", baseEjectionTime);
		requirePositive("maxEjectionTime", maxEjectionTime);
		if (maxEjectionTime.compareTo(baseEjectionTime) < 0) {
			throw invalid("maxEjectionTime", maxEjectionTime,
					"must be at least baseEjectionTime (" + baseEjectionTime + ")");
		}
	}

	private static void requirePositive(String setting, Duration value) {
		Objects.requireNonNull(value, setting);
		if (value.isNegative() || value.isZero()) {
			throw invalid(setting, value, "must be greater than zero");
		}
	}

	private static InvalidSettingException invalid(String setting, Object value, String constraint) {
		return new InvalidSettingException(PREFIX + setting, value, constraint);
	}

}
