package dev.servicepool.internal.util;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MaskedSecrets}.
 */
class MaskedSecretsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			no route to http://orders:8080/x                    | no route to http://orders:8080/x
			GET https://alice:s3cret@orders/x failed            | GET https://***@orders/x failed
			I/O error on GET "http://a/x?key=s3cret&b=1": EOF   | I/O error on GET "http://a/x?***": EOF
			redirect to <http://a/#s3cret> and http://b/?s3cret | redirect to <http://a/#***> and http://b/?***
			header Authorization: Bearer s3.cr-et_== rejected   | header Authorization: Bearer *** rejected
			Authorization=Basic YWxpY2U6czNjcmV0                | Authorization=Basic ***
			login failed (user=alice, password=s3cret)          | login failed (user=alice, password=***)
			{"access_token": "s3cret", "expires": 10}           | {"access_token": ***, "expires": 10}
			X-Api-Key: s3cret; next                             | X-Api-Key: ***; next
			{"access_token": "s3cret, cut                       | {"access_token": ***
			via http://proxy/http://a/x?s3cret                  | via http://proxy/http://a/x?***
			no token for /orders                                | no token for /orders
			""")
	void masksProbableSecrets(String text, String masked) {
		assertThat(MaskedSecrets.in(text)).isEqualTo(masked);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a-", "://", "token", "token ", "bearer ", "://a@", "?", "password=\"" })
	@Timeout(10)
	void longTextsAreMaskedInLinearTime(String part) {
		String text = "Invalid status line: http://orders/" + part.repeat(400_000 / part.length());
		assertThat(MaskedSecrets.in(text)).startsWith("Invalid status line: http://");
	}

	@Test
	void descriptionOfFailureIsOneShortLine() {
		assertThat(Failure.of(new IOException("first\r\nsecond\u2028third\u0007")))
			.hasToString("java.io.IOException: first second third ");
		assertThat(Failure.of(new IOException("x".repeat(100_000))).text()).hasSize(Failure.MAX_LENGTH + 3)
			.endsWith("x...");
	}

	@Test
	void descriptionOfFailureIsMasked() {
		assertThat(Failure.of(new IOException("http://a/?s3cret"))).hasToString("java.io.IOException: http://a/?***");
	}

}
