package dev.servicepool.spring.actuate;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.servicepool.PoolEvent;
import org.jspecify.annotations.Nullable;

/**
 * Description of one decision of a pool.
 *
 * @param time when it was made
 * @param what what was decided, in words
 * @param why the reason, in words
 * @param service the id of the service it is about; {@code null} if it is about none
 * @param services how many live services the pool had after it
 * @param times how often it was made in a row
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record EventDescriptor(Instant time, String what, String why, @Nullable Long service, int services, int times) {

	static EventDescriptor of(PoolEvent event) {
		return new EventDescriptor(event.time(), event.what().words(), event.why(), event.service(), event.services(),
				event.times());
	}

}
