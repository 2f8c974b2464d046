package dev.servicepool.spring.http;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Pause that a server requests with {@code Retry-After} (RFC 9110, section 10.2.3).
 *
 * @param statuses the status codes whose header applies to the server as a whole
 */
record RetryAfter(Set<Integer> statuses) {

	/**
	 * Applies to 503 only. A 429 may concern a single user. Only the application knows
	 * whether a 429 concerns the whole server.
	 */
	static final RetryAfter DEFAULT = new RetryAfter(Set.of(503));

	/**
	 * Return the pause that the server requests.
	 * @return the pause; zero or negative if the server requests no pause
	 */
	Duration of(int status, HttpHeaders headers, InstantSource clock) {
		return (status >= 400 && this.statuses.contains(status)) ? of(headers, clock) : Duration.ZERO;
	}

	/**
	 * Return the pause that the server requests, whatever the status is.
	 * @return the pause; zero or negative if the server requests no pause
	 */
	static Duration of(HttpHeaders headers, InstantSource clock) {
		String value = headers.getFirst(HttpHeaders.RETRY_AFTER);
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
			// Ignore a value that is neither a number of seconds nor a date.
			return null;
		}
	}

}
