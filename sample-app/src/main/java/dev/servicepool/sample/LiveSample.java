package dev.servicepool.sample;

import java.time.Instant;

import dev.servicepool.spring.actuate.PoolEndpoint.PoolSummary;
import org.jspecify.annotations.Nullable;

/**
 * Figures of the pool {@code quotes} at one moment, for the charts of the live page.
 *
 * @param timestamp the time
 * @param connections the number of services that are not retired
 * @param demand the number of requests in flight and waiting
 * @param loadEstimate the load estimate
 */
record LiveSample(Instant timestamp, int connections, int demand, @Nullable Double loadEstimate) {

	static LiveSample of(Instant timestamp, PoolSummary pool) {
		return new LiveSample(timestamp, pool.size().states().live(), pool.load().inFlight() + pool.load().waiting(),
				pool.load().loadEstimate());
	}

}
