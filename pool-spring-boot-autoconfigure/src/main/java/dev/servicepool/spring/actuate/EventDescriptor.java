package dev.servicepool.spring.actuate;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.servicepool.PoolEvent;
import org.jspecify.annotations.Nullable;

/**
 * Description of one event of a pool.
 *
 * @param timestamp the time of the event
 * @param type the type of the event, such as {@code creation-failed}
 * @param reason the reason that the meters use, such as {@code low-load}; {@code null}
 * for types that have no reasons
 * @param message the reason as text, with figures
 * @param count the number of consecutive events of this type that this entry stands for
 * @param service the ID of the service; {@code null} if the event is not about a single
 * service
 * @param poolSize the number of live services after the event
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record EventDescriptor(Instant timestamp, String type, @Nullable String reason, String message, int count,
		@Nullable Long service, int poolSize) {

	static EventDescriptor of(PoolEvent event) {
		PoolEvent.Reason reason = event.reason();
		return new EventDescriptor(event.timestamp(), event.type().code(), (reason != null) ? reason.code() : null,
				event.message(), event.count(), event.service(), event.poolSize());
	}

	static @Nullable EventDescriptor ofNullable(@Nullable PoolEvent event) {
		return (event != null) ? of(event) : null;
	}

}
