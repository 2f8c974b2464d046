package dev.servicepool.spring.http.client;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ContentLength}.
 */
class ContentLengthTests {

	private final HttpHeaders headers = new HttpHeaders();

	@ParameterizedTest
	@CsvSource({ "0, 0", "5, 5", "-1, -1", "-5, -1", "abc, -1", "'5, 5', -1", "'', -1", "9223372036854775808, -1" })
	void invalidLengthIsUnknown(String value, long length) {
		this.headers.set(HttpHeaders.CONTENT_LENGTH, value);
		assertThat(ContentLength.of(this.headers)).isEqualTo(length);
	}

	@Test
	void missingLengthIsUnknown() {
		assertThat(ContentLength.of(this.headers)).isEqualTo(-1);
	}

}
