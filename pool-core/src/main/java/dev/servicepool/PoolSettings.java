package dev.servicepool;

import java.time.Duration;
import java.util.Objects;

import dev.servicepool.load.LoadMetric;

/**
 * Settings of a pool. {@link PoolBuilder} describes each setting and its default.
 *
 * @param initial the initial load estimate, in [{@code underutilizedBelow},
 * {@code loadedAbove}]
 * @param underutilizedBelow the load estimate below which the pool removes a service, in
 * [0, 1]
 * @param loadedAbove the load estimate above which the pool creates a service, in [0, 1]
 * @param urgency the weight of one sample in the load estimate, in [0, 1]
 * @param minServices the minimum number of services, at least 1
 * @param maxServices the maximum number of services, at least {@code minServices};
 * {@link #UNLIMITED} for no limit
 * @param maxConcurrency the maximum number of concurrent requests per service, at least
 * 1; {@link #UNLIMITED} for no limit
 * @param acquireTimeout the maximum time that a caller waits for a service, at least zero
 * @param maxWaiting the maximum number of waiting callers, at least 1
 * @param createTimeout the maximum time to create a service, greater than zero
 * @param backoff the time that the pool waits after the first failed attempt to create a
 * service, greater than zero
 * @param maxBackoff the maximum time that the pool waits after a failed attempt, at least
 * {@code backoff}
 * @param closeTimeout the maximum time that closing waits for requests in flight, at
 * least zero
 * @param headroomWindow the time over which the headroom guard observes the peak demand,
 * at least zero; zero disables the guard
 * @param idleTimeout the time after which the pool removes a surplus service, regardless
 * of the load estimate, at least zero; zero disables this removal
 * @param maxLifetime the age at which the pool replaces a service, at least zero; zero
 * disables replacement
 * @param coldAfter the time without traffic after which a service is cold, at least zero;
 * with zero, services are never cold
 * @param outlierDetection the settings of outlier detection
 * @param leakDetectionThreshold the time after which the pool reports an active lease as
 * a suspected leak, at least zero; zero disables leak detection
 * @param trackLeases whether the pool tracks its active leases even without a
 * {@code leakDetectionThreshold}
 * @param loadMetric the metric that measures the load of a service
 */
public record PoolSettings(double initial, double underutilizedBelow, double loadedAbove, double urgency,
		int minServices, int maxServices, int maxConcurrency, Duration acquireTimeout, int maxWaiting,
		Duration createTimeout, Duration backoff, Duration maxBackoff, Duration closeTimeout, Duration headroomWindow,
		Duration idleTimeout, Duration maxLifetime, Duration coldAfter, OutlierDetection outlierDetection,
		Duration leakDetectionThreshold, boolean trackLeases, LoadMetric loadMetric) {

	/** Value of a count that has no limit. */
	public static final int UNLIMITED = Integer.MAX_VALUE;

	/**
	 * Validate the settings.
	 * @throws InvalidSettingException if a setting has an invalid value
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

	/**
	 * Return the same settings with another minimum number of services.
	 * @param minServices the minimum number of services, at least 1
	 * @return the new settings
	 */
	public PoolSettings withMinServices(int minServices) {
		return new PoolSettings(this.initial, this.underutilizedBelow, this.loadedAbove, this.urgency, minServices,
				this.maxServices, this.maxConcurrency, this.acquireTimeout, this.maxWaiting, this.createTimeout,
				this.backoff, this.maxBackoff, this.closeTimeout, this.headroomWindow, this.idleTimeout,
				this.maxLifetime, this.coldAfter, this.outlierDetection, this.leakDetectionThreshold, this.trackLeases,
				this.loadMetric);
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
