package dev.servicepool;

import java.time.Duration;
import java.util.Objects;

import dev.servicepool.load.LoadMetric;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a pool. {@link PoolBuilder} describes each setting and its default.
 */
public final class PoolSettings implements Cloneable {

	/** Value of a count that has no limit. */
	public static final int UNLIMITED = Integer.MAX_VALUE;

	/** The default of {@link #initial}. */
	public static final double DEFAULT_INITIAL = 0.1;

	/** The default of {@link #underutilizedBelow}. */
	public static final double DEFAULT_UNDERUTILIZED_BELOW = 0.00001;

	/** The default of {@link #loadedAbove}. */
	public static final double DEFAULT_LOADED_ABOVE = 0.2;

	/** The default of {@link #urgency}. */
	public static final double DEFAULT_URGENCY = 0.03;

	/** The default of {@link #minServices}. */
	public static final int DEFAULT_MIN_SERVICES = 1;

	/** The default of {@link #maxWaiting}. */
	public static final int DEFAULT_MAX_WAITING = 1000;

	/** The default of {@link #acquireTimeout}, in seconds. */
	public static final int DEFAULT_ACQUIRE_TIMEOUT_SECONDS = 30;

	/** The default of {@link #createTimeout}, in seconds. */
	public static final int DEFAULT_CREATE_TIMEOUT_SECONDS = 10;

	/** The default of {@link #backoff}, in milliseconds. */
	public static final int DEFAULT_BACKOFF_MILLIS = 100;

	/** The default of {@link #maxBackoff}, in seconds. */
	public static final int DEFAULT_MAX_BACKOFF_SECONDS = 10;

	/** The default of {@link #closeTimeout}, in seconds. */
	public static final int DEFAULT_CLOSE_TIMEOUT_SECONDS = 30;

	/** The default of {@link #drainTimeout}, in seconds. */
	public static final int DEFAULT_DRAIN_TIMEOUT_SECONDS = 30;

	/** The default of {@link #replaceRatio}. */
	public static final double DEFAULT_REPLACE_RATIO = 0.25;

	/** The default of {@link #headroomWindow}, in seconds. */
	public static final int DEFAULT_HEADROOM_WINDOW_SECONDS = 10;

	/** The default of {@link #idleTimeout}, in minutes. */
	public static final int DEFAULT_IDLE_TIMEOUT_MINUTES = 10;

	// Written by the builder only, before the settings are published.

	double initial = DEFAULT_INITIAL;

	double underutilizedBelow = DEFAULT_UNDERUTILIZED_BELOW;

	double loadedAbove = DEFAULT_LOADED_ABOVE;

	double urgency = DEFAULT_URGENCY;

	int minServices = DEFAULT_MIN_SERVICES;

	@Nullable Integer maxServices;

	int defaultMaxServices = UNLIMITED;

	int maxConcurrency = UNLIMITED;

	Duration acquireTimeout = Duration.ofSeconds(DEFAULT_ACQUIRE_TIMEOUT_SECONDS);

	int maxWaiting = DEFAULT_MAX_WAITING;

	Duration createTimeout = Duration.ofSeconds(DEFAULT_CREATE_TIMEOUT_SECONDS);

	Duration backoff = Duration.ofMillis(DEFAULT_BACKOFF_MILLIS);

	Duration maxBackoff = Duration.ofSeconds(DEFAULT_MAX_BACKOFF_SECONDS);

	Duration closeTimeout = Duration.ofSeconds(DEFAULT_CLOSE_TIMEOUT_SECONDS);

	ScaleUp scaleUp = ScaleUp.DEMAND;

	Duration headroomWindow = Duration.ofSeconds(DEFAULT_HEADROOM_WINDOW_SECONDS);

	Duration idleTimeout = Duration.ofMinutes(DEFAULT_IDLE_TIMEOUT_MINUTES);

	Duration maxLifetime = Duration.ZERO;

	int maxRequestsPerService;

	Duration maxIdleTime = Duration.ZERO;

	Duration drainTimeout = Duration.ofSeconds(DEFAULT_DRAIN_TIMEOUT_SECONDS);

	Duration coldAfter = Duration.ZERO;

	OutlierDetection outlierDetection = new OutlierDetectionBuilder().build();

	Duration leakDetectionThreshold = Duration.ZERO;

	boolean trackLeases;

	LoadMetric loadMetric = LoadMetric.peakEwma();

	Retry retry = new Retry(Retry.DEFAULT_MAX_RETRIES,
			new Retry.Budget(Retry.Budget.DEFAULT_RATIO, Retry.Budget.DEFAULT_PER_SECOND));

	@Nullable String zone;

	int subset;

	int maxSurge;

	double replaceRatio = DEFAULT_REPLACE_RATIO;

	PoolSettings() {
	}

	/**
	 * Return the initial load estimate.
	 * @return the initial load estimate, in [{@link #underutilizedBelow},
	 * {@link #loadedAbove}]
	 */
	public double initial() {
		return this.initial;
	}

	/**
	 * Return the load estimate below which the pool removes a service.
	 * @return the load estimate below which the pool removes a service, in [0, 1]
	 */
	public double underutilizedBelow() {
		return this.underutilizedBelow;
	}

	/**
	 * Return the load estimate above which the pool creates a service.
	 * @return the load estimate above which the pool creates a service, in [0, 1]
	 */
	public double loadedAbove() {
		return this.loadedAbove;
	}

	/**
	 * Return the weight of one sample in the load estimate.
	 * @return the weight of one sample in the load estimate, in [0, 1]
	 */
	public double urgency() {
		return this.urgency;
	}

	/**
	 * Return the minimum number of services.
	 * @return the minimum number of services, at least 1
	 */
	public int minServices() {
		return this.minServices;
	}

	/**
	 * Return the minimum number of services for a number of targets. Each target has a
	 * service, unless there are more targets than the maximum number of services.
	 * @param targets the number of targets
	 * @return the minimum number of services
	 */
	public int minServices(int targets) {
		return Math.max(this.minServices, Math.min(targets, maxServices(targets)));
	}

	/**
	 * Return the maximum number of services.
	 * @return the maximum number of services, at least {@link #minServices};
	 * {@link #UNLIMITED} for no limit
	 */
	public int maxServices() {
		return (this.maxServices != null) ? this.maxServices : this.defaultMaxServices;
	}

	/**
	 * Return the maximum number of services for a number of targets. Unless a maximum is
	 * set explicitly, each target can have a service.
	 * @param targets the number of targets
	 * @return the maximum number of services; {@link #UNLIMITED} for no limit
	 */
	public int maxServices(int targets) {
		return (this.maxServices != null) ? this.maxServices : Math.max(this.defaultMaxServices, targets);
	}

	/**
	 * Return the maximum number of concurrent requests per service.
	 * @return the maximum number of concurrent requests per service, at least 1;
	 * {@link #UNLIMITED} for no limit
	 */
	public int maxConcurrency() {
		return this.maxConcurrency;
	}

	/**
	 * Return the maximum time that a caller waits for a service.
	 * @return the maximum time that a caller waits for a service, at least zero
	 */
	public Duration acquireTimeout() {
		return this.acquireTimeout;
	}

	/**
	 * Return the maximum number of waiting callers.
	 * @return the maximum number of waiting callers, at least 1
	 */
	public int maxWaiting() {
		return this.maxWaiting;
	}

	/**
	 * Return the maximum time to create a service.
	 * @return the maximum time to create a service, greater than zero
	 */
	public Duration createTimeout() {
		return this.createTimeout;
	}

	/**
	 * Return the time that the pool waits after the first failed attempt to create a
	 * service.
	 * @return the time that the pool waits after the first failed attempt to create a
	 * service, greater than zero
	 */
	public Duration backoff() {
		return this.backoff;
	}

	/**
	 * Return the maximum time that the pool waits after a failed attempt.
	 * @return the maximum time that the pool waits after a failed attempt, at least
	 * {@code backoff}
	 */
	public Duration maxBackoff() {
		return this.maxBackoff;
	}

	/**
	 * Return the maximum time that closing waits for requests in flight.
	 * @return the maximum time that closing waits for requests in flight, at least zero
	 */
	public Duration closeTimeout() {
		return this.closeTimeout;
	}

	/**
	 * Return the time over which the headroom guard observes the peak demand.
	 * @return the time over which the headroom guard observes the peak demand, at least
	 * zero; zero disables the guard
	 */
	public Duration headroomWindow() {
		return this.headroomWindow;
	}

	/**
	 * Return the time after which the pool removes a surplus service, regardless of the
	 * load estimate.
	 * @return the time after which the pool removes a surplus service, regardless of the
	 * load estimate, at least zero; zero disables this removal
	 */
	public Duration idleTimeout() {
		return this.idleTimeout;
	}

	/**
	 * Return the age at which the pool replaces a service.
	 * @return the age at which the pool replaces a service, at least zero; zero disables
	 * replacement
	 */
	public Duration maxLifetime() {
		return this.maxLifetime;
	}

	/**
	 * Return the time without traffic after which a service is cold.
	 * @return the time without traffic after which a service is cold, at least zero; with
	 * zero, services are never cold
	 */
	public Duration coldAfter() {
		return this.coldAfter;
	}

	/**
	 * Return the settings of outlier detection.
	 * @return the settings of outlier detection
	 */
	public OutlierDetection outlierDetection() {
		return this.outlierDetection;
	}

	/**
	 * Return the time after which the pool reports an active lease as a suspected leak.
	 * @return the time after which the pool reports an active lease as a suspected leak,
	 * at least zero; zero disables leak detection
	 */
	public Duration leakDetectionThreshold() {
		return this.leakDetectionThreshold;
	}

	/**
	 * Return whether the pool tracks its active leases even without a
	 * {@code leakDetectionThreshold}.
	 * @return whether the pool tracks its active leases even without a
	 * {@code leakDetectionThreshold}
	 */
	public boolean trackLeases() {
		return this.trackLeases;
	}

	/**
	 * Return the metric that measures the load of a service.
	 * @return the metric that measures the load of a service
	 */
	public LoadMetric loadMetric() {
		return this.loadMetric;
	}

	/**
	 * Return the settings of further attempts of requests whose connection was lost.
	 * @return the settings
	 */
	public Retry retry() {
		return this.retry;
	}

	/**
	 * Return how many services the pool creates when the load is high.
	 * @return how the pool scales up
	 */
	public ScaleUp scaleUp() {
		return this.scaleUp;
	}

	/**
	 * Return the number of requests after which the pool replaces a service.
	 * @return the number, at least 0; 0 disables this replacement
	 */
	public int maxRequestsPerService() {
		return this.maxRequestsPerService;
	}

	/**
	 * Return the time without traffic after which the pool replaces a service.
	 * @return the time, at least zero; zero disables this replacement
	 */
	public Duration maxIdleTime() {
		return this.maxIdleTime;
	}

	/**
	 * Return the time after which a service with requests in flight, which accepts no
	 * more requests, occupies no slot any more. Applies only to pools with a
	 * {@link #maxSurge}.
	 * @return the time, greater than zero
	 */
	public Duration drainTimeout() {
		return this.drainTimeout;
	}

	/**
	 * Return the zone of this application, whose targets the pool prefers.
	 * @return the zone, or {@code null} if the pool ignores zones
	 */
	public @Nullable String zone() {
		return this.zone;
	}

	/**
	 * Return the number of targets that the pool prefers among those in its zone.
	 * @return the number, at least 0; 0 if the pool prefers all of them
	 */
	public int subset() {
		return this.subset;
	}

	/**
	 * Return the number of services by which replacements of services that do not respond
	 * may exceed {@link #maxServices}.
	 * @return the number, at least 0
	 */
	public int maxSurge() {
		return this.maxSurge;
	}

	/**
	 * Return the maximum share of outdated services that the pool replaces concurrently.
	 * Applies only to pools with a {@link #maxSurge}.
	 * @return the share, from 0 to 1; at least one service is replaced
	 */
	public double replaceRatio() {
		return this.replaceRatio;
	}

	/**
	 * Validate the settings.
	 * @throws InvalidSettingException if a setting has an invalid value
	 */
	void validate() {
		requireShare("initial", this.initial);
		requireShare("underutilizedBelow", this.underutilizedBelow);
		requireShare("loadedAbove", this.loadedAbove);
		requireShare("urgency", this.urgency);
		if (this.underutilizedBelow > this.initial) {
			throw new InvalidSettingException("underutilizedBelow", this.underutilizedBelow,
					"must be at most initial (" + this.initial + ")");
		}
		if (this.loadedAbove < this.initial) {
			throw new InvalidSettingException("loadedAbove", this.loadedAbove,
					"must be at least initial (" + this.initial + ")");
		}
		requireNotNegative("maxSurge", this.maxSurge);
		requireNotNegative("subset", this.subset);
		requireShare("replaceRatio", this.replaceRatio);
		requireCount("minServices", this.minServices);
		requireCount("maxServices", maxServices());
		requireCount("maxConcurrency", this.maxConcurrency);
		requireCount("maxWaiting", this.maxWaiting);
		if (this.minServices > maxServices()) {
			throw new InvalidSettingException("minServices", this.minServices,
					"must be at most maxServices (" + maxServices() + ")");
		}
		requireDuration("acquireTimeout", this.acquireTimeout, true);
		requireDuration("createTimeout", this.createTimeout, false);
		requireDuration("backoff", this.backoff, false);
		requireDuration("maxBackoff", this.maxBackoff, false);
		requireDuration("closeTimeout", this.closeTimeout, true);
		requireDuration("headroomWindow", this.headroomWindow, true);
		requireDuration("idleTimeout", this.idleTimeout, true);
		requireDuration("maxLifetime", this.maxLifetime, true);
		requireNotNegative("maxRequestsPerService", this.maxRequestsPerService);
		requireDuration("maxIdleTime", this.maxIdleTime, true);
		requireDuration("drainTimeout", this.drainTimeout, false);
		requireDuration("coldAfter", this.coldAfter, true);
		requireDuration("leakDetectionThreshold", this.leakDetectionThreshold, true);
		if (this.maxBackoff.compareTo(this.backoff) < 0) {
			throw new InvalidSettingException("maxBackoff", this.maxBackoff,
					"must be at least backoff (" + this.backoff + ")");
		}
		Objects.requireNonNull(this.outlierDetection, "outlierDetection");
		Objects.requireNonNull(this.loadMetric, "loadMetric");
		Objects.requireNonNull(this.scaleUp, "scaleUp");
	}

	/**
	 * Return the settings in force for a number of targets, which sets the minimum and
	 * the maximum number of services.
	 * @param preferred the number of targets that always have a service
	 * @param targets the number of all targets
	 * @return the new settings
	 */
	public PoolSettings inForce(int preferred, int targets) {
		PoolSettings settings = clone();
		settings.minServices = minServices(preferred);
		settings.maxServices = maxServices(targets);
		settings.validate();
		return settings;
	}

	/**
	 * Return the same settings with other bounds.
	 * @param bounds the bounds to change
	 * @return the new settings
	 * @throws InvalidSettingException if a setting has an invalid value
	 */
	public PoolSettings withBounds(PoolBounds bounds) {
		PoolSettings settings = clone();
		settings.minServices = Objects.requireNonNullElse(bounds.minServices(), this.minServices);
		settings.maxServices = (bounds.maxServices() != null) ? bounds.maxServices() : this.maxServices;
		settings.maxConcurrency = Objects.requireNonNullElse(bounds.maxConcurrency(), this.maxConcurrency);
		settings.headroomWindow = Objects.requireNonNullElse(bounds.headroomWindow(), this.headroomWindow);
		settings.validate();
		return settings;
	}

	@Override
	protected PoolSettings clone() {
		try {
			return (PoolSettings) super.clone();
		}
		catch (CloneNotSupportedException ex) {
			throw new IllegalStateException(ex);
		}
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

	private static void requireNotNegative(String setting, int value) {
		if (value < 0) {
			throw new InvalidSettingException(setting, value, "must not be negative");
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
