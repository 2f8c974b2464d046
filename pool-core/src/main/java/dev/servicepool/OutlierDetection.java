package dev.servicepool;

import java.time.Duration;
import java.util.Objects;

/**
 * When a service is set aside for its failures, and for how long: outlier detection, as
 * in Envoy (xDS). A service is ejected after too many failures in a row, or too high a
 * share of failures; so are all services of a target, by the failures of them all. At
 * most half of the services are ejected at once, and never the only one.
 * <p>
 * An ejected service gets single requests, 2 s after its ejection and then more and more
 * seldom, up to 10 s apart: if one is answered, the service is readmitted at once. When
 * its time is over it is readmitted on trial: it gets one request at a time until one is
 * answered, and its first failure ejects it again.
 *
 * @param consecutiveFailures after how many failures in a row, without an answer in
 * between, a service is ejected; at least 0; 0 for never
 * @param failureRate the share of failed requests within an interval at which a service
 * is ejected, in [0, 1]; 0 for never
 * @param requestVolume how many requests there must be in an interval for that share to
 * mean something, at least 1
 * @param interval over how much time the share is taken, and after how much time without
 * failing badly one ejection is forgotten; greater than 0
 * @param baseEjectionTime how long a first ejection lasts; the second, unless the first
 * is forgotten, lasts twice as long, the third three times, and so on; greater than 0
 * @param maxEjectionTime the longest ejection, at least {@code baseEjectionTime}
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
	 * Check that the settings make sense, each and together.
	 * @throws InvalidSettingException if one does not; it names the setting
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
