package dev.servicepool.spring.autoconfigure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;

import dev.servicepool.spring.EchoHandler;
import dev.servicepool.spring.autoconfigure.SideBySide.Got;
import dev.servicepool.spring.autoconfigure.SideBySide.Outcome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that requests over a pool reach the server exactly as requests of a plain client
 * do.
 */
@Timeout(60)
class PayloadRequestTests extends SideBySideTests {

	private static final int LARGE = 5 * 1024 * 1024;

	@ParameterizedTest
	@ValueSource(strings = { "/a%20b", "/a%2Fb/c", "/a+b", "/%C3%BC", "/a;b=c;d", "/a;b=c/d", "/a/../b", "/a//b",
			"/%7Ea~", "/a@b:c,d!$&'()*=", "/%25", "/?q=a%20b&r=1+1&s=%2B%26&t=%C3%BC&u", "/?q=/?", "/?q=a%3Db==c&q=&=",
			"/a?b;c" })
	void uriIsUnchanged(String uri) throws IOException {
		Outcome outcome = sides.call((side) -> Got.of(side.client().get().uri(side.uri(uri))));
		assertThat(outcome.onlySeen().line()).startsWith("GET " + uri + " HTTP/");
	}

	@ParameterizedTest
	@CsvSource({ "'', /", "?q=1, /?q=1", "?, /", "/?, /", "/#fragment, /" })
	void emptyPathIsSentAsRoot(String uri, String sent) throws IOException {
		Outcome outcome = sides.call((side) -> Got.of(side.client().get().uri(side.uri(uri))));
		assertThat(outcome.onlySeen().line()).startsWith("GET " + sent);
	}

	@Test
	void uriTemplateIsEncodedOnce() throws IOException {
		Outcome outcome = sides
			.call((side) -> Got.of(side.client().get().uri("/{path}?q={query}", "\u00fc b/+%", "1+1 & 2")));
		assertThat(outcome.onlySeen().line()).startsWith("GET /%C3%BC%20b%2F%2B%25?q=1%2B1%20%26%202 HTTP/");
	}

	@Test
	void hostHeaderIsThatOfTarget() throws IOException {
		Outcome outcome = sides.call((side) -> Got.of(side.client().get().uri("/")));
		assertThat(outcome.onlySeen().authority()).isEqualTo(URI.create(sides.target()).getAuthority());
	}

	@Test
	void headerWithSeveralValuesIsSent() throws IOException {
		Outcome outcome = sides.call((side) -> Got.of(side.client()
			.get()
			.uri("/")
			.header("X-Many", "a, b", "c")
			.header("X-Empty", "")
			.header("X-Latin", "caf\u00e9")
			.cookie("one", "1")
			.cookie("two", "2")));
		assertThat(outcome.onlySeen().headers()).containsEntry("x-many", List.of("a, b", "c"))
			.containsKeys("x-empty", "x-latin", "cookie");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" })
	void requestWithoutBodyIsSent(String method) throws IOException {
		Outcome outcome = sides.call((side) -> Got.of(side.client().method(HttpMethod.valueOf(method)).uri("/")));
		assertThat(outcome.onlySeen().line()).startsWith(method + " / ");
		assertThat(outcome.onlySeen().length()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "PATCH", "DELETE" })
	void requestWithBodyIsSent(String method) throws IOException {
		Outcome outcome = sides
			.call((side) -> Got.of(side.client().method(HttpMethod.valueOf(method)).uri("/").body("body")));
		assertThat(outcome.onlySeen().length()).isEqualTo(4);
		assertThat(outcome.onlySeen().headers()).containsEntry("content-length", List.of("4"));
	}

	@Test
	void emptyBodyIsSent() throws IOException {
		Outcome outcome = sides.call((side) -> Got.of(side.client().post().uri("/").body(new byte[0])));
		assertThat(outcome.onlySeen().length()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 100_000, LARGE })
	void bodyIsStreamedWithoutContentLength(int length) throws IOException {
		byte[] bytes = EchoHandler.bytes(length);
		StreamingHttpOutputMessage.Body body = (output) -> output.write(bytes);
		Outcome outcome = sides.call((side) -> Got.of(side.client().post().uri("/").body(body)));
		assertThat(outcome.onlySeen().length()).isEqualTo(length);
		assertThat(outcome.onlySeen().headers()).as("not buffered").doesNotContainKey("content-length");
	}

	@Test
	@Tag("slow")
	void largeBodyIsEchoed() throws IOException {
		Outcome outcome = sides.call((side) -> Got.of(side.client().post().uri("/").body(EchoHandler.bytes(LARGE))));
		assertThat(outcome.onlySeen().length()).isEqualTo(LARGE);
		assertThat(outcome.result()).extracting("length", "checksum")
			.containsExactly((long) LARGE, outcome.onlySeen().checksum());
	}

	@Test
	void resourceOfUnknownLengthIsSent() throws IOException {
		Outcome outcome = sides.call((side) -> Got.of(side.client()
			.post()
			.uri("/")
			.body(new InputStreamResource(new ByteArrayInputStream(EchoHandler.bytes(100_000))))));
		assertThat(outcome.onlySeen().length()).isEqualTo(100_000);
	}

}
