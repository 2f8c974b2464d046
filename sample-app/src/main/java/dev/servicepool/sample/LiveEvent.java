package dev.servicepool.sample;

import java.time.Instant;

import dev.servicepool.PoolEvent;
import org.jspecify.annotations.Nullable;

/**
 * Event of the pool {@code quotes}, for the live page.
 *
 * @param sequence the number of the event, from 1 without gaps
 * @param timestamp the time of the event
 * @param type the type of the event, such as {@code created}
 * @param reason the reason, such as {@code headroom}; {@code null} for types that have no
 * reasons
 * @param message the reason as text, with figures
 * @param service the ID of the service; {@code null} if the event is not about a single
 * service
 * @param poolSize the number of services after the event
 */
record LiveEvent(long sequence, Instant timestamp, String type, @Nullable String reason, String message,
		@Nullable Long service, int poolSize) {

	static LiveEvent of(PoolEvent event) {
		PoolEvent.Reason reason = event.reason();
		return new LiveEvent(event.sequence(), event.timestamp(), event.type().code(),
				(reason != null) ? reason.code() : null, event.message(), event.service(), event.poolSize());
	}

}
