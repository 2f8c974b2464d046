package dev.servicepool.sample;

import java.time.Instant;
import java.util.List;

import dev.servicepool.spring.actuate.PoolDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * State of the sample at one moment, for the live page.
 *
 * @param timestamp the time
 * @param callers the number of active callers
 * @param succeeded the number of calls that succeeded so far
 * @param failed the number of calls that failed so far
 * @param servers the addresses of the quote servers
 * @param slow whether the second server is slow
 * @param pool the description of the pool, as in {@code /actuator/pool/quotes};
 * {@code null} if there is no pool
 */
record LiveFrame(Instant timestamp, int callers, long succeeded, long failed, List<String> servers, boolean slow,
		@Nullable PoolDescriptor pool) {

}
