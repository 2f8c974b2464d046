package dev.servicepool.spring.actuate;

import java.time.Duration;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.servicepool.OutlierDetection;
import dev.servicepool.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * Description of the settings of a pool, {@link PoolSettings} explains each.
 *
 * @param initial where the load estimate starts
 * @param underutilizedBelow the load estimate below which a service is removed
 * @param loadedAbove the load estimate above which a service is made
 * @param urgency the weight of one sample in the load estimate
 * @param minServices the least number of services
 * @param maxServices the greatest number of services; {@code null} for no limit
 * @param maxConcurrency the greatest number of requests in flight at one service;
 * {@code null} for no limit
 * @param acquireTimeout how long a caller waits for a service
 * @param maxWaiting how many callers may wait at once
 * @param createTimeout how long making a service may take
 * @param backoff the pause after a first failure to make a service
 * @param maxBackoff the longest pause between failures
 * @param closeTimeout how long closing waits for requests in flight
 * @param headroomWindow how long the demand must have fitted into one service less
 * @param idleTimeout how long a service must not have been needed
 * @param maxLifetime the age at which a service is replaced
 * @param coldAfter how long a service must have had no traffic to be cold again
 * @param outlierDetection when services that fail are set aside, and for how long
 * @param leakDetectionThreshold how long a lease may be held before a warning
 * @param trackLeases whether the pool remembers who holds its leases
 * @param loadMetric how the load of a service is measured
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
