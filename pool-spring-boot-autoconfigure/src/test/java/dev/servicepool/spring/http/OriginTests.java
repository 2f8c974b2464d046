package dev.servicepool.spring.http;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Origin}.
 */
class OriginTests {

	@ParameterizedTest
	@CsvSource({ "http://quotes/a%20b, /a%20b", "http://quotes/a?q=1+1, /a?q=1+1",
			"http://quotes/a%2Fb%252F, /a%2Fb%252F", "http://quotes/%C3%A4?x=%26&y#z, /%C3%A4?x=%26&y#z",
			"http://quotes, ''", "http://quotes?q, ?q", "https://user:secret@quotes:99/a, /a", "/a/b?c, /a/b?c",
			"a/b, /a/b", "http://quotes//a;v=1/, //a;v=1/" })
	void movedUriKeepsItsEncoding(String from, String rest) {
		Origin origin = Origin.of(URI.create("http://127.0.0.1:8080"));
		assertThat(origin.move(URI.create(from))).hasToString("http://127.0.0.1:8080" + rest);
	}

	@Test
	void portIsOmittedWhenTargetHasNone() {
		Origin origin = Origin.of(URI.create("https://quotes.internal/ignored?too"));
		assertThat(origin.move(URI.create("http://quotes:8080/a"))).hasToString("https://quotes.internal/a");
	}

	@Test
	void ipv6AddressKeepsItsBrackets() {
		Origin origin = Origin.of(URI.create("http://[::1]:8080"));
		assertThat(origin.move(URI.create("http://quotes/a"))).hasToString("http://[::1]:8080/a");
	}

	@Test
	void sameUriIsReturnedWhenOriginMatches() {
		URI uri = URI.create("http://quotes:8080/a");
		assertThat(Origin.of(uri).move(uri)).isSameAs(uri);
	}

	@Test
	void originsAreEqualIfSchemeAndHostAndPortAreEqual() {
		Origin origin = Origin.of(URI.create("http://quotes:8080/a"));
		assertThat(origin).isEqualTo(Origin.of(URI.create("http://quotes:8080/b")))
			.hasSameHashCodeAs(Origin.of(URI.create("http://quotes:8080/b")));
		assertThat(origin).isNotEqualTo(Origin.of(URI.create("https://quotes:8080/a")))
			.isNotEqualTo(Origin.of(URI.create("http://orders:8080/a")))
			.isNotEqualTo(Origin.of(URI.create("http://quotes:8081/a")))
			.isNotEqualTo("http://quotes:8080");
	}

	@Test
	void uriWithoutSchemeOrHostIsRejected() {
		assertThatIllegalArgumentException().isThrownBy(() -> Origin.of(URI.create("/a")))
			.withMessageContaining("'/a'");
		assertThatIllegalArgumentException().isThrownBy(() -> Origin.of(URI.create("localhost:8080")));
	}

}
