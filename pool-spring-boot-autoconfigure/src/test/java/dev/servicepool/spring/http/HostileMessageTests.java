package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.spring.HostileInput;
import dev.servicepool.spring.HostileInputTests;
import org.junit.jupiter.api.AutoClose;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that random requests and responses only succeed or fail, and end their leases.
 */
class HostileMessageTests extends HostileInputTests {

	private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));

	private static final List<String> RETRY_AFTER = List.of("120", "0", "-", "1.5", "999999999", "Tue, ", "24 ", "Nov ",
			"2026 ", "9999 ", "12:00:30 ", "GMT", "+2400", "Tue, 24 Nov 2026 12:00:30 GMT",
			"Tuesday, 24-Nov-26 12:00:30 GMT", "Tue Nov 24 12:00:30 2026");

	private static final List<String> NAMES = List.of("Content-Length", "content-length", "Retry-After", ":status",
			"Content-Type", "Transfer-Encoding", "Authorization", "Signature", "Signature-Input", "DPoP", "Location",
			"Connection", "Set-Cookie", "X-Test");

	private static final List<String> VALUES = List.of("0", "5", "5, 5", "-5", "1e3", "abc", "120", "text/plain",
			"a/b;", "Basic ", "Bearer ", "AWS4-HMAC-SHA256 ", "sig1=", "chunked", "close", "http://quotes/");

	private static final List<String> URIS = List.of("http://", "HTTPS://", "ftp:", "mailto:a", "quotes", "[::1]",
			":8080", "/", "a%2Fb", "?q=1+1", "#f", "user:s3cret@", ".", "//");

	private MockClientHttpResponse response = new MockClientHttpResponse();

	@AutoClose
	private final Pool<HttpCall, ClientHttpResponse> pool = Pool.builder()
		.name("quotes")
		.targets(Target.of(URI.create("http://one:8080")), Target.of(URI.create("http://other:8080")))
		.maxServices(2)
		.maxConcurrency(20)
		.acquireTimeout(Duration.ofSeconds(1))
		.build((target) -> HttpClientService.of(target, (uri, method) -> {
			MockClientHttpRequest request = new MockClientHttpRequest(method, uri);
			request.setResponse(this.response);
			return request;
		}));

	private final RoutingClientHttpRequestFactory factory = new RoutingClientHttpRequestFactory((uri, method) -> {
		throw new IOException("not pooled");
	}, router());

	Stream<Source> sources() {
		return Stream.of(new Source("Retry-After", HostileMessageTests::retryAfter),
				new Source("headers", this::headers), new Source("origins", HostileMessageTests::origins));
	}

	private RequestRouter router() {
		return (uri) -> this.pool;
	}

	private static void retryAfter(HostileInput input) {
		HttpHeaders headers = new HttpHeaders();
		headers.add(HttpHeaders.RETRY_AFTER, input.text(RETRY_AFTER));
		Duration pause = RetryAfter.DEFAULT.of(503, headers, CLOCK);
		assertThat(pause).isBetween(Duration.ofDays(-3_700_000), Duration.ofDays(3_700_000));
	}

	private void headers(HostileInput input) throws IOException {
		this.response = new MockClientHttpResponse(new byte[input.number(3)], 200 + input.number(400));
		add(input, this.response.getHeaders());
		ClientHttpRequest request = this.factory.createRequest(URI.create("http://quotes/"), HttpMethod.GET);
		add(input, request.getHeaders());
		try (ClientHttpResponse response = request.execute()) {
			assertThat(response.getBody().readAllBytes()).hasSizeLessThan(3);
		}
		PoolSnapshot snapshot = this.pool.snapshot();
		assertThat(snapshot.load().inFlight()).isZero();
	}

	private static void add(HostileInput input, HttpHeaders headers) {
		for (int i = input.number(4); i > 0; i--) {
			headers.add((input.number(8) > 0) ? input.any(NAMES) : input.text(NAMES), input.text(VALUES));
		}
	}

	private static void origins(HostileInput input) {
		URI uri = uri(input);
		Origin target = new Origin("http", "other", 8080);
		if (uri == null) {
			return;
		}
		URI moved = target.move(uri);
		assertThat(Origin.of(moved)).isEqualTo(target);
		if (!uri.isOpaque()) {
			assertThat(moved.getRawQuery()).isEqualTo(uri.getRawQuery());
			assertThat(moved.getRawPath()).endsWith(uri.getRawPath());
		}
		if (uri.getScheme() != null && uri.getHost() != null) {
			assertThat(Origin.of(uri).normalized().port()).isNotEqualTo(-1);
			assertThat(Origin.of(uri).move(moved).getHost()).isEqualTo(uri.getHost());
		}
	}

	private static URI uri(HostileInput input) {
		try {
			return new URI(input.text(URIS));
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

}
