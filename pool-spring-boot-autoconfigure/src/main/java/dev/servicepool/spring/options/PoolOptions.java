package dev.servicepool.spring.options;

import java.time.Duration;

import dev.servicepool.PoolBuilder;
import dev.servicepool.ScaleUp;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.PropertyMapper;

/**
 * Properties of a pool. The value {@code null} means that the property is not set. The
 * {@link PoolBuilder} knows the defaults and checks the values.
 */
public class PoolOptions {

	/**
	 * Initial value of the load estimate, between underutilized-below and loaded-above.
	 */
	private @Nullable Double initial;

	/**
	 * Load estimate below which a service is removed, from 0 to 1.
	 */
	private @Nullable Double underutilizedBelow;

	/**
	 * Load estimate above which a service is created, from 0 to 1.
	 */
	private @Nullable Double loadedAbove;

	/**
	 * Weight of one sample in the load estimate, from 0 to 1.
	 */
	private @Nullable Double urgency;

	/**
	 * Minimum number of services. Each preferred target has at least one service in any
	 * case. All targets are preferred unless a zone or a subset is set.
	 */
	private @Nullable Integer minServices;

	/**
	 * Maximum number of services, including services that are being created, drained or
	 * closed. If not set, the number is unlimited, and an HTTP pool has at most 16
	 * services or as many as it has targets, whichever is more.
	 */
	private @Nullable Integer maxServices;

	/**
	 * Number of services to create when the load is high: as many as the demand requires,
	 * at most tripling the size, or a single one.
	 */
	private @Nullable ScaleUp scaleUp;

	/**
	 * Maximum number of concurrent requests per service. If not set, the number is
	 * unlimited, or 20 for HTTP pools.
	 */
	private @Nullable Integer maxConcurrency;

	/**
	 * Maximum time that a caller waits for a service.
	 */
	private @Nullable Duration acquireTimeout;

	/**
	 * Maximum number of callers in the wait queue. The pool rejects further callers
	 * immediately. While the wait queue remains full, callers wait at most 150 ms.
	 */
	private @Nullable Integer maxWaiting;

	/**
	 * Maximum time to create a service.
	 */
	private @Nullable Duration createTimeout;

	/**
	 * Time to wait after the first failed attempt to create a service. The time doubles
	 * with each further failure.
	 */
	private @Nullable Duration backoff;

	/**
	 * Maximum time to wait after a failed attempt to create a service.
	 */
	private @Nullable Duration maxBackoff;

	/**
	 * Maximum time to wait for requests in flight when a pool is stopped or closed. If
	 * only spring.lifecycle.timeout-per-shutdown-phase is set, its value applies.
	 */
	private @Nullable Duration closeTimeout;

	/**
	 * Period whose peak demand must fit into the remaining services before a service is
	 * removed. If zero, a low load estimate removes a service immediately.
	 */
	private @Nullable Duration headroomWindow;

	/**
	 * Idle time after which a surplus service is removed, even without traffic. Zero
	 * disables removal.
	 */
	private @Nullable Duration idleTimeout;

	/**
	 * Age at which a service is replaced, shortened at random by up to a tenth. Zero
	 * disables replacement.
	 */
	private @Nullable Duration maxLifetime;

	/**
	 * Number of requests after which a service is replaced, lowered at random by up to a
	 * tenth. Zero disables this replacement.
	 */
	private @Nullable Integer maxRequestsPerService;

	/**
	 * Time without traffic after which a service is replaced, so that the next request
	 * uses a new connection. Zero disables this replacement. If not set, it is 30 seconds
	 * for HTTP pools on Java versions whose client does not close idle connections.
	 */
	private @Nullable Duration maxIdleTime;

	/**
	 * Time after which a retired service of an HTTP pool occupies no slot any more,
	 * although requests are in flight.
	 */
	private @Nullable Duration drainTimeout;

	/**
	 * Maximum share of the services of an HTTP pool that are replaced concurrently
	 * because their SSL bundle has changed or an operator requests it. At least one
	 * service is replaced.
	 */
	private @Nullable Double replaceRatio;

	/**
	 * Time without traffic after which a service is cold if its requests share a
	 * connection. New services are cold, too. A cold service receives one request until
	 * the response begins, or until a connection should be established (100 to 500 ms).
	 * If requests do not share a connection, the pool assumes for this time that unused
	 * connections stay open. If zero, services are never cold. If not set, this is 20
	 * seconds for HTTP pools, or the keep-alive timeout of the JDK client if it is
	 * shorter, and zero for other pools.
	 */
	private @Nullable Duration coldAfter;

	/**
	 * Maximum duration of a request until its response begins, including the wait for a
	 * service and all attempts. Zero disables the deadline. Only for HTTP pools.
	 */
	private @Nullable Duration deadline;

	/**
	 * Name of the request header that contains the remaining milliseconds of the
	 * deadline. If not set, requests have no such header. Only for HTTP pools.
	 */
	private @Nullable String deadlineHeader;

	/**
	 * Further attempts of requests.
	 */
	@NestedConfigurationProperty
	private final RetryOptions retry = new RetryOptions();

	/**
	 * Second attempts of requests that take long.
	 */
	@NestedConfigurationProperty
	private final HedgeOptions hedge = new HedgeOptions();

	/**
	 * Ejection of services that fail.
	 */
	@NestedConfigurationProperty
	private final OutlierDetectionOptions outlierDetection = new OutlierDetectionOptions();

	/**
	 * Time after which an active lease causes a warning in the log. The warning names the
	 * call that acquired the lease. Zero disables detection.
	 */
	private @Nullable Duration leakDetectionThreshold;

	/**
	 * Whether to track active leases, so that an AcquireTimeoutException names the lease
	 * that has been active for the longest time. If not set, only HTTP pools track
	 * leases.
	 */
	private @Nullable Boolean trackLeases;

	/**
	 * Metric that measures the load score of a service. If not set and exactly one
	 * LoadMetric bean exists, the pool uses that bean.
	 */
	private @Nullable LoadMetricType loadMetric;

	/**
	 * Whether to skip loopback and link-local addresses that a TargetSource bean or DNS
	 * supplies as targets. Names of other hosts are not resolved for this purpose.
	 */
	private @Nullable Boolean skipLocalTargets;

	/**
	 * Zone of this application, whose targets the pool prefers. If not set, this is the
	 * value of spring.cloud.loadbalancer.zone. With an empty value, the pool ignores
	 * zones.
	 */
	private @Nullable String zone;

	/**
	 * Number of targets that the pool prefers among those in its zone. Other targets have
	 * services only while the load is high. If zero, the pool prefers all of them.
	 */
	private @Nullable Integer subset;

	/**
	 * Identity of this instance of the application, which determines its subset of the
	 * targets. If not set, this is the name of the host and the port of the web server,
	 * or random if the port is 0.
	 */
	private @Nullable String identity;

	/**
	 * Health of the pool.
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

	public @Nullable Integer getMaxRequestsPerService() {
		return this.maxRequestsPerService;
	}

	public void setMaxRequestsPerService(@Nullable Integer maxRequestsPerService) {
		this.maxRequestsPerService = maxRequestsPerService;
	}

	public @Nullable Duration getMaxIdleTime() {
		return this.maxIdleTime;
	}

	public void setMaxIdleTime(@Nullable Duration maxIdleTime) {
		this.maxIdleTime = maxIdleTime;
	}

	public @Nullable ScaleUp getScaleUp() {
		return this.scaleUp;
	}

	public void setScaleUp(@Nullable ScaleUp scaleUp) {
		this.scaleUp = scaleUp;
	}

	public @Nullable Duration getDrainTimeout() {
		return this.drainTimeout;
	}

	public void setDrainTimeout(@Nullable Duration drainTimeout) {
		this.drainTimeout = drainTimeout;
	}

	public @Nullable Duration getMaxLifetime() {
		return this.maxLifetime;
	}

	public void setMaxLifetime(@Nullable Duration maxLifetime) {
		this.maxLifetime = maxLifetime;
	}

	public @Nullable Double getReplaceRatio() {
		return this.replaceRatio;
	}

	public void setReplaceRatio(@Nullable Double replaceRatio) {
		this.replaceRatio = replaceRatio;
	}

	public @Nullable Duration getColdAfter() {
		return this.coldAfter;
	}

	public void setColdAfter(@Nullable Duration coldAfter) {
		this.coldAfter = coldAfter;
	}

	public @Nullable Duration getDeadline() {
		return this.deadline;
	}

	public void setDeadline(@Nullable Duration deadline) {
		this.deadline = deadline;
	}

	public @Nullable String getDeadlineHeader() {
		return this.deadlineHeader;
	}

	public void setDeadlineHeader(@Nullable String deadlineHeader) {
		this.deadlineHeader = deadlineHeader;
	}

	public RetryOptions getRetry() {
		return this.retry;
	}

	public HedgeOptions getHedge() {
		return this.hedge;
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

	public @Nullable Boolean getSkipLocalTargets() {
		return this.skipLocalTargets;
	}

	public void setSkipLocalTargets(@Nullable Boolean skipLocalTargets) {
		this.skipLocalTargets = skipLocalTargets;
	}

	public @Nullable String getZone() {
		return this.zone;
	}

	public void setZone(@Nullable String zone) {
		this.zone = zone;
	}

	public @Nullable Integer getSubset() {
		return this.subset;
	}

	public void setSubset(@Nullable Integer subset) {
		this.subset = subset;
	}

	public @Nullable String getIdentity() {
		return this.identity;
	}

	public void setIdentity(@Nullable String identity) {
		this.identity = identity;
	}

	public HealthOptions getHealth() {
		return this.health;
	}

	/**
	 * Apply the properties that are set to a builder.
	 * @param builder the builder
	 */
	public void applyTo(PoolBuilder builder) {
		PropertyMapper map = PropertyMapper.get();
		map.from(this::getInitial).to(builder::initial);
		map.from(this::getUnderutilizedBelow).to(builder::underutilizedBelow);
		map.from(this::getLoadedAbove).to(builder::loadedAbove);
		map.from(this::getUrgency).to(builder::urgency);
		map.from(this::getMinServices).to(builder::minServices);
		map.from(this::getMaxServices).to(builder::maxServices);
		map.from(this::getScaleUp).to(builder::scaleUp);
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
		map.from(this::getMaxRequestsPerService).to(builder::maxRequestsPerService);
		map.from(this::getMaxIdleTime).to(builder::maxIdleTime);
		map.from(this::getDrainTimeout).to(builder::drainTimeout);
		map.from(this::getReplaceRatio).to(builder::replaceRatio);
		map.from(this::getColdAfter).to(builder::coldAfter);
		builder.outlierDetection(this.outlierDetection::applyTo);
		this.retry.applyTo(builder);
		map.from(this::getLeakDetectionThreshold).to(builder::leakDetectionThreshold);
		map.from(this::getTrackLeases).to(builder::trackLeases);
		map.from(this::getZone).to(builder::zone);
		map.from(this::getSubset).to(builder::subset);
		map.from(this::getIdentity).to(builder::identity);
		map.from(this::getLoadMetric).as(LoadMetricType::metric).to(builder::loadMetric);
	}

}
