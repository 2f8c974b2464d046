package dev.servicepool.spring.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestSignature}.
 */
class RequestSignatureTests {

	@ParameterizedTest
	@ValueSource(strings = { "Signature", "signature-input", "DPoP", "dpop" })
	void headerIsSignature(String name) {
		assertThat(RequestSignature.isIn(headers(name, "value"))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "AWS4-HMAC-SHA256 Credential=a", "Digest uri=\"/\"", "DPoP token", "BearerX token", "" })
	void credentialsMayBeSignature(String credentials) {
		assertThat(RequestSignature.isIn(headers("authorization", credentials))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Basic YTpi", "basic YTpi", "Bearer token", "BEARER token" })
	void credentialsAreNoSignature(String credentials) {
		assertThat(RequestSignature.isIn(headers("Authorization", credentials))).isFalse();
	}

	@Test
	void otherHeadersAreNoSignature() {
		assertThat(RequestSignature.isIn(headers("Accept", "text/plain"))).isFalse();
	}

	private static HttpHeaders headers(String name, String value) {
		HttpHeaders headers = new HttpHeaders();
		headers.add(name, value);
		return headers;
	}

}
