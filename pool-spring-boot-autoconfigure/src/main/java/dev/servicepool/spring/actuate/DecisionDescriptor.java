package dev.servicepool.spring.actuate;

import java.time.Instant;

import dev.servicepool.PoolEvent;
import org.jspecify.annotations.Nullable;

/**
 * Description of the last decision of a pool.
 *
 * @param time when it was made
 * @param what what was decided, in words
 * @param why the reason, in words
 */
public record DecisionDescriptor(Instant time, String what, String why) {

	static @Nullable DecisionDescriptor of(@Nullable PoolEvent event) {
		return (event != null) ? new DecisionDescriptor(event.time(), event.what().words(), event.why()) : null;
	}

}
