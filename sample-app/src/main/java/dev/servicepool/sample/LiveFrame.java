package dev.servicepool.sample;

import java.time.Instant;
import java.util.List;

import dev.servicepool.spring.actuate.PoolEndpoint.PoolDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * State of the sample at one moment, for the live page.
 *
 * @param timestamp the time
 * @param controls the values of the controls of the page
 * @param servers the addresses of the quote servers
 * @param calls the calls so far
 * @param sample the figures for the charts; {@code null} if there is no pool
 * @param events the events since the previous frame, oldest first
 * @param pool the description of the pool, as in {@code /actuator/pool/quotes};
 * {@code null} if there is no pool
 * @param forecasts the description of the pool of forecast models, as in
 * {@code /actuator/pool/forecasts}; {@code null} if there is no pool
 */
record LiveFrame(Instant timestamp, Controls controls, List<String> servers, Calls calls, @Nullable LiveSample sample,
		List<LiveEvent> events, @Nullable PoolDescriptor pool, @Nullable PoolDescriptor forecasts) {

	/**
	 * Values of the controls of the page.
	 *
	 * @param callers the number of active callers that request quotes
	 * @param pooling whether these callers use the pool
	 * @param slow whether the second server is slow
	 * @param forecastCallers the number of active callers that request forecasts
	 */
	record Controls(int callers, boolean pooling, boolean slow, int forecastCallers) {
	}

	/**
	 * Calls of the sample.
	 *
	 * @param withPool the calls that used the pool
	 * @param withoutPool the calls that used no pool
	 * @param forecasts the calls of forecast models
	 */
	record Calls(CallSummary withPool, CallSummary withoutPool, CallSummary forecasts) {
	}

}
