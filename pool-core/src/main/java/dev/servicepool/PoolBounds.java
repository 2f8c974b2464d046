package dev.servicepool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Change of the settings that bound the size of a pool at run time. A value that is
 * {@code null} remains as it is. {@link PoolBuilder} describes the settings.
 *
 * @param minServices the minimum number of services, at least 1
 * @param maxServices the maximum number of services, at least {@code minServices} and the
 * number of targets
 * @param maxConcurrency the maximum number of concurrent requests per service, at least 1
 * @param headroomWindow the window of the headroom guard, at least zero
 * @see Pool#changeBounds
 */
public record PoolBounds(@Nullable Integer minServices, @Nullable Integer maxServices, @Nullable Integer maxConcurrency,
		@Nullable Duration headroomWindow) {
}
