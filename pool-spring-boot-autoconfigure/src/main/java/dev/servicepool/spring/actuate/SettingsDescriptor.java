package dev.servicepool.spring.actuate;

import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.servicepool.OutlierDetection;
import dev.servicepool.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * Description of the settings of a pool, see {@link PoolSettings}.
 *
 * @param initial the initial value of the load estimate
 * @param underutilizedBelow the load estimate below which a service is removed
 * @param loadedAbove the load estimate above which a service is created
 * @param urgency the weight of one sample in the load estimate
 * @param minServices the minimum number of services
 * @param maxServices the maximum number of services; {@code null} if there is no limit
 * @param maxConcurrency the maximum number of concurrent requests per service;
 * {@code null} if there is no limit
 * @param acquireTimeout the maximum time that a caller waits for a service
 * @param maxWaiting the maximum number of callers in the wait queue
 * @param createTimeout the maximum time to create a service
 * @param backoff the time to wait after the first failed attempt to create a service
 * @param maxBackoff the maximum time to wait after a failed attempt to create a service
 * @param closeTimeout the maximum time to wait for requests in flight when the pool is
 * closed
 * @param headroomWindow the period whose peak demand must fit into the remaining services
 * before a service is removed
 * @param idleTimeout the time after which a surplus service is removed, regardless of the
 * load estimate
 * @param maxLifetime the age at which a service is replaced
 * @param coldAfter the time without traffic after which a service is cold
 * @param outlierDetection the settings for the ejection of services that fail
 * @param leakDetectionThreshold the time after which an active lease causes a warning
 * @param trackLeases whether the pool tracks active leases
 * @param loadMetric the metric that measures the load score of a service
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record SettingsDescriptor(double initial, double underutilizedBelow, double loadedAbove, double urgency,
		int minServices, @Nullable Integer maxServices, @Nullable Integer maxConcurrency, Duration acquireTimeout,
		int maxWaiting, Duration createTimeout, Duration backoff, Duration maxBackoff, Duration closeTimeout,
		Duration headroomWindow, Duration idleTimeout, Duration maxLifetime, Duration coldAfter,
		OutlierDetection outlierDetection, Duration leakDetectionThreshold, boolean trackLeases, String loadMetric) {

	static SettingsDescriptor of(PoolSettings settings) {
		return new SettingsDescriptor(settings.initial(), settings.underutilizedBelow(), settings.loadedAbove(),
				settings.urgency(), settings.minServices(), Numbers.limit(settings.maxServices()),
				Numbers.limit(settings.maxConcurrency()), settings.acquireTimeout(), settings.maxWaiting(),
				settings.createTimeout(), settings.backoff(), settings.maxBackoff(), settings.closeTimeout(),
				settings.headroomWindow(), settings.idleTimeout(), settings.maxLifetime(), settings.coldAfter(),
				settings.outlierDetection(), settings.leakDetectionThreshold(), settings.trackLeases(),
				settings.loadMetric().toString());
	}

}
