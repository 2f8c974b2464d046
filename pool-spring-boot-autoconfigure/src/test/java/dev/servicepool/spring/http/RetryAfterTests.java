package dev.servicepool.spring.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryAfter}.
 */
class RetryAfterTests {

	private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));

	private final HttpHeaders headers = new HttpHeaders();

	@ParameterizedTest
	@CsvSource({ "0, PT0S", "7, PT7S", "' 120 ', PT2M", "'Tue, 24 Nov 2026 12:00:30 GMT', PT30S",
			"'Tue, 24 Nov 2026 11:59:50 GMT', PT-10S" })
	void secondsAndDatesAreParsed(String value, Duration duration) {
		this.headers.set(HttpHeaders.RETRY_AFTER, value);
		assertThat(RetryAfter.DEFAULT.of(503, this.headers, CLOCK)).isEqualTo(duration);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "soon", "-1", "1.5", "99999999999999999999", "2026-11-24T12:00:30Z" })
	void otherValuesRequestNoPause(String value) {
		this.headers.set(HttpHeaders.RETRY_AFTER, value);
		assertThat(RetryAfter.DEFAULT.of(503, this.headers, CLOCK)).isZero();
	}

	@Test
	void missingHeaderRequestsNoPause() {
		assertThat(RetryAfter.DEFAULT.of(503, this.headers, CLOCK)).isZero();
	}

	@Test
	void headerAppliesOnlyToConfiguredStatuses() {
		this.headers.set(HttpHeaders.RETRY_AFTER, "7");
		assertThat(RetryAfter.DEFAULT.of(429, this.headers, CLOCK)).isZero();
		assertThat(RetryAfter.DEFAULT.of(200, this.headers, CLOCK)).isZero();
		assertThat(new RetryAfter(Set.of(429)).of(429, this.headers, CLOCK)).isEqualTo(Duration.ofSeconds(7));
		assertThat(new RetryAfter(Set.of(429)).of(503, this.headers, CLOCK)).isZero();
	}

}
