package dev.servicepool.spring.actuate;

import java.time.Duration;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.servicepool.OutlierDetection;
import dev.servicepool.PoolSettings;
import dev.servicepool.Retry;
import org.jspecify.annotations.Nullable;

/**
 * Description of the settings of a pool, see {@link PoolSettings}. The fields of each
 * group are shown as fields of the settings themselves.
 *
 * @param sizing the settings that determine the number of services
 * @param requests the settings of requests and waiting callers
 * @param creation the settings of the creation of services
 * @param retirement the settings of the removal and replacement of services
 * @param coldAfter the time without traffic after which a service is cold
 * @param failures the settings for services and requests that fail
 * @param leaks the settings for suspected leaks
 * @param loadMetric the metric that measures the load score of a service
 */
public record SettingsDescriptor(@JsonUnwrapped Sizing sizing, @JsonUnwrapped Requests requests,
		@JsonUnwrapped Creation creation, @JsonUnwrapped Retirement retirement, Duration coldAfter,
		@JsonUnwrapped Failures failures, @JsonUnwrapped Leaks leaks, String loadMetric) {

	static SettingsDescriptor of(PoolSettings settings) {
		return new SettingsDescriptor(Sizing.of(settings), Requests.of(settings), Creation.of(settings),
				Retirement.of(settings), settings.coldAfter(), Failures.of(settings), Leaks.of(settings),
				settings.loadMetric().toString());
	}

	/**
	 * Settings that determine the number of services.
	 *
	 * @param initial the initial value of the load estimate
	 * @param underutilizedBelow the load estimate below which a service is removed
	 * @param loadedAbove the load estimate above which a service is created
	 * @param urgency the weight of one sample in the load estimate
	 * @param minServices the minimum number of services
	 * @param maxServices the maximum number of services; {@code null} if there is no
	 * limit
	 * @param scaleUp how many services are created when the load is high
	 * @param preference which targets the pool prefers
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record Sizing(double initial, double underutilizedBelow, double loadedAbove, double urgency, int minServices,
			@Nullable Integer maxServices, String scaleUp, @JsonUnwrapped Preference preference) {

		static Sizing of(PoolSettings settings) {
			return new Sizing(settings.initial(), settings.underutilizedBelow(), settings.loadedAbove(),
					settings.urgency(), settings.minServices(), PoolEndpoint.limit(settings.maxServices()),
					settings.scaleUp().name().toLowerCase(Locale.ROOT),
					new Preference(settings.zone(), settings.subset()));
		}

	}

	/**
	 * Settings that determine which targets a pool prefers.
	 *
	 * @param zone the zone whose targets the pool prefers; {@code null} if it ignores
	 * zones
	 * @param subset the number of targets that the pool prefers among those in its zone;
	 * 0 for all of them
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record Preference(@Nullable String zone, int subset) {
	}

	/**
	 * Settings of requests and waiting callers.
	 *
	 * @param maxConcurrency the maximum number of concurrent requests per service;
	 * {@code null} if there is no limit
	 * @param acquireTimeout the maximum time that a caller waits for a service
	 * @param maxWaiting the maximum number of callers in the wait queue
	 */
	@JsonInclude(JsonInclude.Include.ALWAYS)
	public record Requests(@Nullable Integer maxConcurrency, Duration acquireTimeout, int maxWaiting) {

		static Requests of(PoolSettings settings) {
			return new Requests(PoolEndpoint.limit(settings.maxConcurrency()), settings.acquireTimeout(),
					settings.maxWaiting());
		}

	}

	/**
	 * Settings of the creation of services.
	 *
	 * @param createTimeout the maximum time to create a service
	 * @param backoff the time to wait after the first failed attempt to create a service
	 * @param maxBackoff the maximum time to wait after a failed attempt to create a
	 * service
	 */
	public record Creation(Duration createTimeout, Duration backoff, Duration maxBackoff) {

		static Creation of(PoolSettings settings) {
			return new Creation(settings.createTimeout(), settings.backoff(), settings.maxBackoff());
		}

	}

	/**
	 * Settings of the removal and replacement of services.
	 *
	 * @param closeTimeout the maximum time to wait for requests in flight when the pool
	 * is closed
	 * @param headroomWindow the period whose peak demand must fit into the remaining
	 * services before a service is removed
	 * @param idleTimeout the time after which a surplus service is removed, regardless of
	 * the load estimate
	 * @param maxLifetime the age at which a service is replaced
	 * @param maxRequestsPerService the number of requests after which a service is
	 * replaced
	 * @param maxIdleTime the time without traffic after which a service is replaced
	 * @param slots the settings of the slots that replacements occupy
	 */
	public record Retirement(Duration closeTimeout, Duration headroomWindow, Duration idleTimeout, Duration maxLifetime,
			int maxRequestsPerService, Duration maxIdleTime, @JsonUnwrapped Slots slots) {

		static Retirement of(PoolSettings settings) {
			return new Retirement(settings.closeTimeout(), settings.headroomWindow(), settings.idleTimeout(),
					settings.maxLifetime(), settings.maxRequestsPerService(), settings.maxIdleTime(),
					Slots.of(settings));
		}

	}

	/**
	 * Settings of the slots that replacements occupy.
	 *
	 * @param drainTimeout the time after which a service with requests in flight, which
	 * accepts no more requests, occupies no slot any more
	 * @param maxSurge the number of services by which replacements may exceed the maximum
	 * @param replaceRatio the maximum share of outdated services that are replaced
	 * concurrently
	 */
	public record Slots(Duration drainTimeout, int maxSurge, double replaceRatio) {

		static Slots of(PoolSettings settings) {
			return new Slots(settings.drainTimeout(), settings.maxSurge(), settings.replaceRatio());
		}

	}

	/**
	 * Settings for services and requests that fail.
	 *
	 * @param outlierDetection the settings for the ejection of services that fail
	 * @param retry the settings of further attempts of requests
	 */
	public record Failures(OutlierDetection outlierDetection, RetryDescriptor retry) {

		static Failures of(PoolSettings settings) {
			return new Failures(settings.outlierDetection(), RetryDescriptor.of(settings.retry()));
		}

	}

	/**
	 * Settings of further attempts, see {@link Retry}.
	 *
	 * @param maxRetries the maximum number of further attempts of one request
	 * @param budgetRatio the limit of further attempts as a share of the requests
	 * @param budgetPerSecond the number of further attempts per second that is allowed in
	 * addition
	 */
	public record RetryDescriptor(int maxRetries, double budgetRatio, int budgetPerSecond) {

		static RetryDescriptor of(Retry retry) {
			return new RetryDescriptor(retry.maxRetries(), retry.budget().ratio(), retry.budget().perSecond());
		}

	}

	/**
	 * Settings for suspected leaks.
	 *
	 * @param leakDetectionThreshold the time after which an active lease causes a warning
	 * @param trackLeases whether the pool tracks active leases
	 */
	public record Leaks(Duration leakDetectionThreshold, boolean trackLeases) {

		static Leaks of(PoolSettings settings) {
			return new Leaks(settings.leakDetectionThreshold(), settings.trackLeases());
		}

	}

}
