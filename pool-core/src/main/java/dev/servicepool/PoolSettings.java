package dev.servicepool;

import java.time.Duration;
import java.util.Objects;

import dev.servicepool.load.LoadMetric;

/**
 * The settings of a pool. {@link PoolBuilder} explains each and knows the defaults.
 *
 * @param initial where the load estimate starts, in [underutilizedBelow, loadedAbove]
 * @param underutilizedBelow the load estimate below which a service is removed, in [0, 1]
 * @param loadedAbove the load estimate above which a service is made, in [0, 1]
 * @param urgency the weight of one sample in the load estimate, in [0, 1]
 * @param minServices the least number of services, at least 1
 * @param maxServices the greatest number of services, at least {@code minServices};
 * {@link PoolBuilder#UNLIMITED} for no limit
 * @param maxConcurrency the greatest number of requests in flight at one service, at
 * least 1; {@link PoolBuilder#UNLIMITED} for no limit
 * @param acquireTimeout how long a caller waits for a service, at least 0
 * @param maxWaiting how many callers may wait at once, at least 1
 * @param createTimeout how long making a service may take, greater than 0
 * @param backoff the pause after a first failure to make a service, greater than 0
 * @param maxBackoff the longest pause between failures, at least {@code backoff}
 * @param closeTimeout how long closing waits for requests in flight, at least 0
 * @param headroomWindow how long the demand must have fitted into one service less before
 * one is removed, at least 0; 0 for no guard
 * @param idleTimeout how long a service must not have been needed before it is removed
 * without regard to the load estimate, at least 0; 0 for never
 * @param maxLifetime the age at which a service is replaced, at least 0; 0 for never
 * @param coldAfter how long a service must have had no traffic to get one request at a
 * time until its next response begins, at least 0; 0 for never
 * @param outlierDetection when services that fail are set aside, and for how long
 * @param leakDetectionThreshold how long a lease may be held before a warning, at least
 * 0; 0 for no warnings
 * @param trackLeases whether the pool remembers who holds its leases even without a
 * {@code leakDetectionThreshold}
 * @param loadMetric how the load of a service is measured
 */
public record PoolSettings(double initial, double underutilizedBelow, double loadedAbove, double urgency,
		int minServices, int maxServices, int maxConcurrency, Duration acquireTimeout, int maxWaiting,
		Duration createTimeout, Duration backoff, Duration maxBackoff, Duration closeTimeout, Duration headroomWindow,
		Duration idleTimeout, Duration maxLifetime, Duration coldAfter, OutlierDetection outlierDetection,
		Duration leakDetectionThreshold, boolean trackLeases, LoadMetric loadMetric) {

	/**
	 * Check that the settings make sense, each and together.
	 * @throws InvalidSettingException if one does not; it names the setting
	 */
	public PoolSettings {
		requireShare("initial", initial);
		requireShare("underutilizedBelow", underutilizedBelow);
		requireShare("loadedAbove", loadedAbove);
		requireShare("urgency", urgency);
		if (underutilizedBelow > initial) {
			throw new InvalidSettingException("underutilizedBelow", underutilizedBelow,
					"must be at most initial (" + initial + ")");
		}
		if (loadedAbove < initial) {
			throw new InvalidSettingException("loadedAbove", loadedAbove, "must be at least initial (" + initial + ")");
		}
		requireCount("minServices", minServices);
		requireCount("maxServices", maxServices);
		requireCount("maxConcurrency", maxConcurrency);
		requireCount("maxWaiting", maxWaiting);
		if (minServices > maxServices) {
			throw new InvalidSettingException("minServices", minServices,
					"must be at most maxServices (" + maxServices + ")");
		}
		requireDuration("acquireTimeout", acquireTimeout, true);
		requireDuration("createTimeout", createTimeout, false);
		requireDuration("backoff", backoff, false);
		requireDuration("maxBackoff", maxBackoff, false);
		requireDuration("closeTimeout", closeTimeout, true);
		requireDuration("headroomWindow", headroomWindow, true);
		requireDuration("idleTimeout", idleTimeout, true);
		requireDuration("maxLifetime", maxLifetime, true);
		requireDuration("coldAfter", coldAfter, true);
		requireDuration("leakDetectionThreshold", leakDetectionThreshold, true);
		if (maxBackoff.compareTo(backoff) < 0) {
			throw new InvalidSettingException("maxBackoff", maxBackoff, "must be at least backoff (" + backoff + ")");
		}
		Objects.requireNonNull(outlierDetection, "outlierDetection");
		Objects.requireNonNull(loadMetric, "loadMetric");
	}

	private static void requireShare(String setting, double value) {
		if (!(value >= 0 && value <= 1)) {
			throw new InvalidSettingException(setting, value, "must be between 0 and 1");
		}
	}

	private static void requireCount(String setting, int value) {
		if (value < 1) {
			throw new InvalidSettingException(setting, value, "must be at least 1");
		}
	}

	private static void requireDuration(String setting, Duration value, boolean zeroAllowed) {
		Objects.requireNonNull(value, setting);
		if (value.isNegative() || (value.isZero() && !zeroAllowed)) {
			throw new InvalidSettingException(setting, value,
					zeroAllowed ? "must not be negative" : "must be greater than zero");
		}
	}

}
