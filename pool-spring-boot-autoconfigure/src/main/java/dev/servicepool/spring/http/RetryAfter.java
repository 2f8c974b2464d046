package dev.servicepool.spring.http;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * What servers say by {@code Retry-After}: for how long they want no requests (RFC 9110,
 * section 10.2.3).
 *
 * @param statuses the status codes with which it says that of the server as a whole
 */
record RetryAfter(Set<Integer> statuses) {

	/**
	 * With 503. A 429 may be meant for one user only, so whether it counts is for the
	 * application to know.
	 */
	static final RetryAfter DEFAULT = new RetryAfter(Set.of(503));

	/**
	 * Return for how long the server wants no requests.
	 * @return zero or less if it does not say so
	 */
	Duration of(int status, HttpHeaders headers, InstantSource clock) {
		String value = (status >= 400 && this.statuses.contains(status)) ? headers.getFirst(HttpHeaders.RETRY_AFTER)
				: null;
		if (value == null) {
			return Duration.ZERO;
		}
		String text = value.strip();
		return text.matches("[0-9]{1,9}") ? Duration.ofSeconds(Integer.parseInt(text)) : until(headers, clock);
	}

	private static Duration until(HttpHeaders headers, InstantSource clock) {
		ZonedDateTime date = date(headers);
		return (date != null) ? Duration.between(clock.instant(), date) : Duration.ZERO;
	}

	private static @Nullable ZonedDateTime date(HttpHeaders headers) {
		try {
			return headers.getFirstZonedDateTime(HttpHeaders.RETRY_AFTER);
		}
		catch (IllegalArgumentException ex) {
			// Neither seconds nor a date says nothing.
			return null;
		}
	}

}
