package dev.servicepool.spring.actuate;

import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.servicepool.PoolSettings;
import dev.servicepool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What matters most about a pool.
 *
 * @param level what the load estimate said last: low, normal or high
 * @param load the load estimate, in [0, 1]
 * @param underutilizedBelow the load estimate below which a service is removed
 * @param loadedAbove the load estimate above which a service is made
 * @param inFlight how many requests are in flight
 * @param waiting how many callers wait for a service
 * @param services how many services there are, by state
 * @param minServices the least number of services
 * @param maxServices the greatest number of services; {@code null} for no limit
 * @param lastDecision the last decision about the size, if there was one
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record PoolSummary(String level, @Nullable Double load, double underutilizedBelow, double loadedAbove,
		int inFlight, int waiting, PoolSnapshot.Services services, int minServices, @Nullable Integer maxServices,
		@Nullable DecisionDescriptor lastDecision) {

	static PoolSummary of(PoolSnapshot snapshot) {
		PoolSettings settings = snapshot.settings();
		return new PoolSummary(snapshot.level().name().toLowerCase(Locale.ROOT), Numbers.finite(snapshot.load()),
				settings.underutilizedBelow(), settings.loadedAbove(), snapshot.inFlight(), snapshot.waiting(),
				snapshot.services(), settings.minServices(), Numbers.limit(settings.maxServices()),
				DecisionDescriptor.of(snapshot.lastDecision()));
	}

}
