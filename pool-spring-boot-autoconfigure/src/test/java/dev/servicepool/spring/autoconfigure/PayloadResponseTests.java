package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.EchoHandler.Seen;
import dev.servicepool.spring.EchoHandler;
import dev.servicepool.spring.autoconfigure.SideBySide.Got;
import dev.servicepool.spring.autoconfigure.SideBySide.Outcome;
import dev.servicepool.spring.autoconfigure.SideBySide.Side;
import dev.servicepool.spring.autoconfigure.SideBySide.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.converter.ResourceHttpMessageConverter;
import org.springframework.web.client.RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse;
import org.springframework.web.client.RestClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that responses over a pool reach the caller exactly as responses to a plain
 * client do, and that each response ends its lease.
 */
@Timeout(60)
class PayloadResponseTests extends SideBySideTests {

	private static final int LARGE = 5 * 1024 * 1024;

	@ParameterizedTest
	@CsvSource({ "GET, 200", "GET, 204", "POST, 201", "GET, 304", "GET, 400", "HEAD, 404", "GET, 404", "GET, 503" })
	void statusIsReturned(String method, int status) throws IOException {
		Outcome outcome = sides
			.call((side) -> Got.of(side.client().method(HttpMethod.valueOf(method)).uri("/status/" + status)));
		assertThat(outcome.result()).extracting("status").isEqualTo(status);
	}

	@ParameterizedTest
	@ValueSource(ints = { 204, 304, 200 })
	void responseWithoutBodyIsReturned(int status) throws IOException {
		Outcome outcome = sides
			.call((side) -> Got.of(side.client().get().uri("/status/" + status).retrieve().toEntity(byte[].class)));
		assertThat(outcome.result()).extracting("status", "length").containsExactly(status, 0L);
	}

	@Test
	void headRequestHasNoResponseBody() throws IOException {
		Outcome outcome = sides
			.call((side) -> Got.of(side.client().head().uri("/bytes/1000").retrieve().toEntity(byte[].class)));
		assertThat(outcome.result()).extracting("status", "length").containsExactly(200, 0L);
	}

	@Test
	void headersWithSeveralValuesAreReturned() throws IOException {
		Got got = (Got) sides.call((side) -> Got.of(side.client().get().uri("/many"))).result();
		assertThat(got.headers()).containsEntry("x-many", List.of("a, b", "c"))
			.containsEntry("set-cookie", List.of("one=1; Path=/", "two=2; Path=/; HttpOnly"));
	}

	@Test
	void noCookieIsSentWithoutCookieHandling() throws IOException {
		sides.call((side) -> Got.of(side.client().get().uri("/many")));
		Outcome outcome = sides.call((side) -> Got.of(side.client().get().uri("/")));
		assertThat(outcome.onlySeen().headers()).doesNotContainKey("cookie");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gzip", "identity", "" })
	void compressedResponseIsReturned(String encoding) throws IOException {
		Outcome outcome = sides.call((side) -> Got
			.of(side.client().get().uri("/gzip").headers((headers) -> headers.set("Accept-Encoding", encoding))));
		assertThat(outcome.onlySeen().headers()).containsEntry("accept-encoding", List.of(encoding));
	}

	@Test
	void compressionFollowsPlainClientByDefault() throws IOException {
		Outcome outcome = sides.call((side) -> Got.of(side.client().get().uri("/gzip")));
		assertThat(outcome.result()).extracting("length").isEqualTo(10_000L);
	}

	@ParameterizedTest
	@CsvSource({ "301, GET", "302, GET", "303, GET", "307, GET", "308, GET", "301, POST", "302, POST", "303, POST",
			"307, POST", "308, POST" })
	void redirectWithinOriginIsFollowed(int status, String method) throws IOException {
		String uri = "/redirect/" + status + "?to=/a%2520b?q";
		Outcome outcome = sides.call((side) -> {
			var request = side.client().method(HttpMethod.valueOf(method)).uri(side.uri(uri));
			return Got.of("POST".equals(method) ? request.body("body") : request);
		});
		assertThat(outcome.seen()).hasSize(2).extracting(Seen::authority).containsOnly(authority());
		assertThat(outcome.seen().get(1).line())
			.startsWith((("POST".equals(method) && status >= 307) ? "POST" : "GET") + " /a%20b?q ");
	}

	@Test
	void streamedBodyIsSentAgainOnRedirect() throws IOException {
		StreamingHttpOutputMessage.Body body = (output) -> output.write(EchoHandler.bytes(1000));
		Outcome outcome = sides
			.call((side) -> Got.of(side.client().post().uri("/redirect/307?to=/elsewhere").body(body)));
		assertThat(outcome.seen()).extracting(Seen::length).containsExactly(1000L, 1000L);
	}

	@Test
	void redirectToOtherOriginIsFollowed() throws IOException {
		try (Server other = Server.responding("other")) {
			Outcome outcome = sides.call((side) -> Got.of(side.client()
				.get()
				.uri("/redirect/302?to={other}", other.uri() + "/a")
				.retrieve()
				.toEntity(byte[].class)));
			assertThat(outcome.seen()).hasSize(1);
			if (this.wire != Wire.H2) {
				assertThat(outcome.result()).extracting("length").isEqualTo(5L);
				assertThat(other.requests()).hasSize(2)
					.allSatisfy((request) -> assertThat(request.header("Host")).isEqualTo(other.uri().getAuthority()));
			}
			else {
				assertThat(outcome.result()).as("no redirect from HTTPS to HTTP").extracting("status").isEqualTo(302);
				assertThat(other.requests()).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 404, 503 })
	void errorStatusIsThrown(int status) throws IOException {
		sides.call((side) -> {
			RestClientResponseException ex = catchThrowableOfType(RestClientResponseException.class,
					() -> side.client().get().uri("/status/" + status).retrieve().toBodilessEntity());
			assertThat(ex.getStatusCode().value()).isEqualTo(status);
			return List.of(ex.getClass(), ex.getStatusText(), ex.getResponseBodyAsString());
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 404, 503 })
	void errorStatusIsHandledByCaller(int status) throws IOException {
		Outcome thrown = sides.call((side) -> catchThrowable(() -> side.client()
			.get()
			.uri("/status/" + status)
			.retrieve()
			.onStatus(HttpStatusCode::isError, (request, response) -> {
				throw new IllegalStateException("Status " + response.getStatusCode().value());
			})
			.toBodilessEntity()).getMessage());
		assertThat(thrown.result()).isEqualTo("Status " + status);
		Outcome ignored = sides.call((side) -> Got.of(side.client()
			.get()
			.uri("/status/" + status)
			.retrieve()
			.onStatus(HttpStatusCode::isError, (request, response) -> {
			})
			.toEntity(byte[].class)));
		assertThat(ignored.result()).extracting("status").isEqualTo(status);
	}

	@Test
	void exceptionOfExchangeFunctionIsPropagated() throws IOException {
		Outcome outcome = sides
			.call((side) -> catchThrowable(() -> side.client().get().uri("/bytes/100").exchange((request, response) -> {
				throw new IllegalStateException("mine");
			})).toString());
		assertThat(outcome.result()).isEqualTo("java.lang.IllegalStateException: mine");
	}

	@Test
	void failureToWriteBodyIsPropagated() throws IOException {
		StreamingHttpOutputMessage.Body body = (output) -> {
			throw new IOException("no body");
		};
		sides.call((side) -> {
			Throwable failure = catchThrowable(() -> Got.of(side.client().post().uri("/unseen").body(body)));
			assertThat(failure).hasStackTraceContaining("no body");
			return List.of(failure.getClass(), failure.getCause().toString());
		});
	}

	@Test
	void responseCanBeClosedLater() throws IOException {
		sides.call((side) -> {
			ConvertibleClientHttpResponse response = side.client()
				.get()
				.uri("/bytes/100000")
				.exchange((request, kept) -> kept, false);
			assertActive(side);
			try (response) {
				return Got.of(response.getStatusCode().value(), response.getHeaders(),
						response.getBody().readAllBytes());
			}
		});
	}

	@Test
	void responseCanBeClosedUnread() throws IOException {
		sides.call((side) -> {
			side.client().get().uri("/bytes/" + LARGE).exchange((request, kept) -> kept, false).close();
			return "closed";
		});
	}

	@Test
	void bodyCanBeReadAsStream() throws IOException {
		Outcome outcome = sides.call((side) -> {
			try (InputStream body = side.client()
				.get()
				.uri("/bytes/100000")
				.retrieve()
				.requiredBody(InputStream.class)) {
				assertActive(side);
				return Arrays.hashCode(body.readAllBytes());
			}
		});
		assertThat(outcome.result()).isEqualTo(Arrays.hashCode(EchoHandler.bytes(100_000)));
	}

	@Test
	void bodyCanBeReadAsResource() throws IOException {
		Outcome outcome = sides.call((side) -> {
			InputStreamResource resource = side.client()
				.mutate()
				.configureMessageConverters((all) -> all.addCustomConverter(new ResourceHttpMessageConverter(true)))
				.build()
				.get()
				.uri("/bytes/100000")
				.retrieve()
				.requiredBody(InputStreamResource.class);
			assertActive(side);
			try (InputStream body = resource.getInputStream()) {
				return Arrays.hashCode(body.readAllBytes());
			}
		});
		assertThat(outcome.result()).isEqualTo(Arrays.hashCode(EchoHandler.bytes(100_000)));
	}

	@Test
	void largeBodyIsRead() throws IOException {
		Outcome outcome = sides
			.call((side) -> Got.of(side.client().get().uri("/bytes/" + LARGE).retrieve().toEntity(byte[].class)));
		assertThat(outcome.result()).extracting("length").isEqualTo((long) LARGE);
	}

	/**
	 * The lease is active until the response is closed, because the connection is in use.
	 */
	private static void assertActive(Side side) {
		assertThat(sides.inFlight()).isEqualTo(side.leases());
	}

	private static String authority() {
		return URI.create(sides.target()).getAuthority();
	}

}
