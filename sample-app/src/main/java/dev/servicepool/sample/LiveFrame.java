package dev.servicepool.sample;

import java.time.Instant;
import java.util.List;

import dev.servicepool.spring.actuate.PoolDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What the live page shows of one moment.
 *
 * @param time the moment
 * @param callers how many callers are at work
 * @param answered how many of their calls were answered so far
 * @param failed how many of their calls failed so far
 * @param servers the addresses of the servers of quotes
 * @param slow whether the second server is slow
 * @param pool the pool as {@code /actuator/pool/quotes} shows it; {@code null} if there
 * is none
 */
record LiveFrame(Instant time, int callers, long answered, long failed, List<String> servers, boolean slow,
		@Nullable PoolDescriptor pool) {

}
