package dev.servicepool.spring.actuate;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The most important figures of a pool.
 *
 * @param level the level of the load estimate after the last sample: low, normal, or high
 * @param loadEstimate the load estimate, in [0, 1]
 * @param underutilizedBelow the load estimate below which a service is removed
 * @param loadedAbove the load estimate above which a service is created
 * @param inFlight the number of requests in flight
 * @param waiting the number of callers in the wait queue
 * @param size the number of services, by state
 * @param minServices the minimum number of services
 * @param maxServices the maximum number of services; {@code null} if there is no limit
 * @param outage the current outage; {@code null} if there is none
 * @param lastDecision the last event that is not a rejection, timeout, suspected leak,
 * outage, or recovery; {@code null} if there is none
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record PoolSummary(String level, @Nullable Double loadEstimate, double underutilizedBelow, double loadedAbove,
		int inFlight, int waiting, PoolSnapshot.Size size, int minServices, @Nullable Integer maxServices,
		PoolSnapshot.@Nullable Outage outage, @Nullable EventDescriptor lastDecision) {

	static PoolSummary of(PoolSnapshot snapshot) {
		PoolSettings settings = snapshot.settings();
		return new PoolSummary(snapshot.level().name().toLowerCase(Locale.ROOT),
				Numbers.finite(snapshot.loadEstimate()), settings.underutilizedBelow(), settings.loadedAbove(),
				snapshot.inFlight(), snapshot.waiting(), snapshot.size(), settings.minServices(),
				Numbers.limit(settings.maxServices()), snapshot.outage(),
				EventDescriptor.ofNullable(snapshot.lastDecision()));
	}

}
