package dev.servicepool.spring.autoconfigure;

import java.time.Duration;

import dev.servicepool.PoolBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.PropertyMapper;

/**
 * The options of a pool as properties. What is {@code null} is not set and left to the
 * {@link PoolBuilder}, which knows the defaults and checks the values.
 */
public class PoolOptions {

	/**
	 * Load estimate to start from, between underutilized-below and loaded-above.
	 */
	private @Nullable Double initial;

	/**
	 * Load estimate below which a service is removed, between 0 and 1.
	 */
	private @Nullable Double underutilizedBelow;

	/**
	 * Load estimate above which a service is made, between 0 and 1.
	 */
	private @Nullable Double loadedAbove;

	/**
	 * Weight of one sample in the load estimate, between 0 and 1.
	 */
	private @Nullable Double urgency;

	/**
	 * Least number of services. Each target has at least one in any case.
	 */
	private @Nullable Integer minServices;

	/**
	 * Greatest number of services. Unlimited by default, for HTTP pools 16 and at least
	 * the number of targets.
	 */
	private @Nullable Integer maxServices;

	/**
	 * Greatest number of requests in flight at one service. Unlimited by default, for
	 * HTTP pools 20.
	 */
	private @Nullable Integer maxConcurrency;

	/**
	 * How long a caller waits for a service.
	 */
	private @Nullable Duration acquireTimeout;

	/**
	 * How many callers may wait at once; more are turned away.
	 */
	private @Nullable Integer maxWaiting;

	/**
	 * How long making a service may take before it counts as failed.
	 */
	private @Nullable Duration createTimeout;

	/**
	 * Pause after a first failure to make a service; it doubles with each further
	 * failure.
	 */
	private @Nullable Duration backoff;

	/**
	 * Longest pause between two failures to make a service.
	 */
	private @Nullable Duration maxBackoff;

	/**
	 * How long requests in flight may take to end when a pool is stopped or closed.
	 */
	private @Nullable Duration closeTimeout;

	/**
	 * How long the requests in flight and waiting must have fitted into one service less
	 * before one is removed. Zero removes one whenever the load estimate is low.
	 */
	private @Nullable Duration headroomWindow;

	/**
	 * How long one service must not have been needed before it is removed although there
	 * is little or no traffic. Zero is never.
	 */
	private @Nullable Duration idleTimeout;

	/**
	 * Age at which a service is replaced, shortened by up to a tenth at random. Zero is
	 * never.
	 */
	private @Nullable Duration maxLifetime;

	/**
	 * How long a service must have had no traffic to be cold again. A cold service, and a
	 * new one is, gets one request at a time until its next response begins; if that
	 * takes longer than 500 ms, it counts as warm without it. Zero is never, as by
	 * default; for HTTP pools it is 10 seconds.
	 */
	private @Nullable Duration coldAfter;

	/**
	 * When services that fail are set aside, and for how long.
	 */
	@NestedConfigurationProperty
	private final OutlierDetectionOptions outlierDetection = new OutlierDetectionOptions();

	/**
	 * How long a lease may be held before a warning in the log names the call that took
	 * it. Zero is never.
	 */
	private @Nullable Duration leakDetectionThreshold;

	/**
	 * Whether to remember who holds leases, so that an error can tell. Not by default,
	 * but for HTTP pools.
	 */
	private @Nullable Boolean trackLeases;

	/**
	 * How the load of a service is measured. If not set, a LoadMetric bean is used where
	 * there is exactly one.
	 */
	private @Nullable LoadMetricType loadMetric;

	/**
	 * What the health of a pool is.
	 */
	@NestedConfigurationProperty
	private final HealthOptions health = new HealthOptions();

	public @Nullable Double getInitial() {
		return this.initial;
	}

	public void setInitial(@Nullable Double initial) {
		this.initial = initial;
	}

	public @Nullable Double getUnderutilizedBelow() {
		return this.underutilizedBelow;
	}

	public void setUnderutilizedBelow(@Nullable Double underutilizedBelow) {
		this.underutilizedBelow = underutilizedBelow;
	}

	public @Nullable Double getLoadedAbove() {
		return this.loadedAbove;
	}

	public void setLoadedAbove(@Nullable Double loadedAbove) {
		this.loadedAbove = loadedAbove;
	}

	public @Nullable Double getUrgency() {
		return this.urgency;
	}

	public void setUrgency(@Nullable Double urgency) {
		this.urgency = urgency;
	}

	public @Nullable Integer getMinServices() {
		return this.minServices;
	}

	public void setMinServices(@Nullable Integer minServices) {
		this.minServices = minServices;
	}

	public @Nullable Integer getMaxServices() {
		return this.maxServices;
	}

	public void setMaxServices(@Nullable Integer maxServices) {
		this.maxServices = maxServices;
	}

	public @Nullable Integer getMaxConcurrency() {
		return this.maxConcurrency;
	}

	public void setMaxConcurrency(@Nullable Integer maxConcurrency) {
		this.maxConcurrency = maxConcurrency;
	}

	public @Nullable Duration getAcquireTimeout() {
		return this.acquireTimeout;
	}

	public void setAcquireTimeout(@Nullable Duration acquireTimeout) {
		this.acquireTimeout = acquireTimeout;
	}

	public @Nullable Integer getMaxWaiting() {
		return this.maxWaiting;
	}

	public void setMaxWaiting(@Nullable Integer maxWaiting) {
		this.maxWaiting = maxWaiting;
	}

	public @Nullable Duration getCreateTimeout() {
		return this.createTimeout;
	}

	public void setCreateTimeout(@Nullable Duration createTimeout) {
		this.createTimeout = createTimeout;
	}

	public @Nullable Duration getBackoff() {
		return this.backoff;
	}

	public void setBackoff(@Nullable Duration backoff) {
		this.backoff = backoff;
	}

	public @Nullable Duration getMaxBackoff() {
		return this.maxBackoff;
	}

	public void setMaxBackoff(@Nullable Duration maxBackoff) {
		this.maxBackoff = maxBackoff;
	}

	public @Nullable Duration getCloseTimeout() {
		return this.closeTimeout;
	}

	public void setCloseTimeout(@Nullable Duration closeTimeout) {
		this.closeTimeout = closeTimeout;
	}

	public @Nullable Duration getHeadroomWindow() {
		return this.headroomWindow;
	}

	public void setHeadroomWindow(@Nullable Duration headroomWindow) {
		this.headroomWindow = headroomWindow;
	}

	public @Nullable Duration getIdleTimeout() {
		return this.idleTimeout;
	}

	public void setIdleTimeout(@Nullable Duration idleTimeout) {
		this.idleTimeout = idleTimeout;
	}

	public @Nullable Duration getMaxLifetime() {
		return this.maxLifetime;
	}

	public void setMaxLifetime(@Nullable Duration maxLifetime) {
		this.maxLifetime = maxLifetime;
	}

	public @Nullable Duration getColdAfter() {
		return this.coldAfter;
	}

	public void setColdAfter(@Nullable Duration coldAfter) {
		this.coldAfter = coldAfter;
	}

	public OutlierDetectionOptions getOutlierDetection() {
		return this.outlierDetection;
	}

	public @Nullable Duration getLeakDetectionThreshold() {
		return this.leakDetectionThreshold;
	}

	public void setLeakDetectionThreshold(@Nullable Duration leakDetectionThreshold) {
		this.leakDetectionThreshold = leakDetectionThreshold;
	}

	public @Nullable Boolean getTrackLeases() {
		return this.trackLeases;
	}

	public void setTrackLeases(@Nullable Boolean trackLeases) {
		this.trackLeases = trackLeases;
	}

	public @Nullable LoadMetricType getLoadMetric() {
		return this.loadMetric;
	}

	public void setLoadMetric(@Nullable LoadMetricType loadMetric) {
		this.loadMetric = loadMetric;
	}

	public HealthOptions getHealth() {
		return this.health;
	}

	/**
	 * Set on a builder what is set here.
	 * @param builder the builder
	 */
	void applyTo(PoolBuilder builder) {
		PropertyMapper map = PropertyMapper.get();
		map.from(this::getInitial).to(builder::initial);
		map.from(this::getUnderutilizedBelow).to(builder::underutilizedBelow);
		map.from(this::getLoadedAbove).to(builder::loadedAbove);
		map.from(this::getUrgency).to(builder::urgency);
		map.from(this::getMinServices).to(builder::minServices);
		map.from(this::getMaxServices).to(builder::maxServices);
		map.from(this::getMaxConcurrency).to(builder::maxConcurrency);
		map.from(this::getAcquireTimeout).to(builder::acquireTimeout);
		map.from(this::getMaxWaiting).to(builder::maxWaiting);
		map.from(this::getCreateTimeout).to(builder::createTimeout);
		map.from(this::getBackoff).to(builder::backoff);
		map.from(this::getMaxBackoff).to(builder::maxBackoff);
		map.from(this::getCloseTimeout).to(builder::closeTimeout);
		map.from(this::getHeadroomWindow).to(builder::headroomWindow);
		map.from(this::getIdleTimeout).to(builder::idleTimeout);
		map.from(this::getMaxLifetime).to(builder::maxLifetime);
		map.from(this::getColdAfter).to(builder::coldAfter);
		builder.outlierDetection(this.outlierDetection::applyTo);
		map.from(this::getLeakDetectionThreshold).to(builder::leakDetectionThreshold);
		map.from(this::getTrackLeases).to(builder::trackLeases);
		map.from(this::getLoadMetric).as(LoadMetricType::metric).to(builder::loadMetric);
	}

}
