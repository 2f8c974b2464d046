package dev.servicepool.spring.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Target;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.mock.http.client.MockClientHttpRequest;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HttpClientService}.
 */
class HttpClientServiceTests {

	@Test
	void requestIsSentToTargetWithHeadersAndBody() throws Exception {
		ByteArrayOutputStream received = new ByteArrayOutputStream();
		try (Server server = Server.http1().start((request, response) -> {
			request.getInputStream().transferTo(received);
			Handler.respond(request, response, 201, "created");
		})) {
			HttpClientService service = HttpClientService.of(Target.of(server.uri()),
					new JdkClientHttpRequestFactory());
			HttpCall call = call(HttpMethod.POST, "http://quotes/a%2Fb?q=1+1&r=a%20b", bytes("ACME"));
			call.headers().add("X-Trace", "1");
			call.headers().add("X-Trace", "2");
			try (ClientHttpResponse response = service.call(call)) {
				assertThat(response.getStatusCode().value()).isEqualTo(201);
				assertThat(response.getBody()).hasContent("created");
			}
			assertThat(received).hasToString("ACME");
			assertThat(server.onlyRequest().method()).isEqualTo("POST");
			assertThat(server.onlyRequest().uri()).isEqualTo("/a%2Fb?q=1+1&r=a%20b");
			assertThat(server.onlyRequest().headers()).containsEntry("x-trace", List.of("1", "2"));
		}
	}

	@Test
	void requestIsSentToItsUriWhenTargetHasNoAddress() throws Exception {
		try (Server server = Server.responding("ok")) {
			HttpClientService service = HttpClientService.of(Target.of("quotes"), new JdkClientHttpRequestFactory());
			try (ClientHttpResponse response = service.call(call(HttpMethod.GET, server.uri() + "/a", null))) {
				assertThat(response.getBody()).hasContent("ok");
			}
		}
	}

	/**
	 * If HTTP/2 is possible, the request gets an empty body, so that the service knows
	 * whether the client has sent the request.
	 */
	@ParameterizedTest
	@CsvSource({ "HTTP_1_1, false", "HTTP_2, true" })
	void emptyBodyIsSentOnlyWhenHttp2IsPossible(HttpClient.Version version, boolean empty) throws Exception {
		Phaser requests = new Phaser(2);
		AtomicInteger chunked = new AtomicInteger();
		try (Server server = Server.http1().start((request, response) -> {
			requests.arrive();
			requests.awaitAdvance(0);
			chunked.addAndGet((request.getHeader("Transfer-Encoding") != null) ? 1 : 0);
			Handler.respond(request, response, 200, "done");
		})) {
			HttpClientService service = HttpClientService.of(Target.of(server.uri()),
					new JdkClientHttpRequestFactory(HttpClient.newBuilder().version(version).build()));
			ExecutorService callers = Executors.newFixedThreadPool(2);
			Callable<Boolean> post = () -> {
				service.call(new WatchedCall(call(HttpMethod.POST, "http://quotes/", null)).call()).close();
				return true;
			};
			for (Future<Boolean> done : callers.invokeAll(List.of(post, post))) {
				assertSent(done);
			}
			callers.shutdown();
			assertThat(chunked).as("requests with an empty body while the protocol is unknown").hasValue(empty ? 1 : 0);
			post.call();
			assertThat(chunked).as("requests with an empty body when the protocol is known").hasValue(empty ? 1 : 0);
		}
	}

	/**
	 * Check that a request was sent. The JDK client for Java 17 sometimes fails with an
	 * internal exception after it has sent an empty body over HTTP/1.1.
	 */
	private static void assertSent(Future<Boolean> request) throws InterruptedException {
		try {
			assertThat(request.get()).isTrue();
		}
		catch (ExecutionException ex) {
			assertThat(ex).rootCause()
				.isInstanceOf(NullPointerException.class)
				.hasMessageContaining("Http1BodySubscriber");
		}
	}

	@Test
	void bodyIsWrittenWhenRequestCannotStream() throws Exception {
		MockClientHttpRequest request = new MockClientHttpRequest();
		request.setResponse(new MockClientHttpResponse());
		HttpClientService service = HttpClientService.of(Target.of("quotes"), (uri, method) -> request);
		HttpCall call = call(HttpMethod.POST, "http://quotes/", bytes("ACME"));
		call.attributes().put("noted", "by an interceptor");
		service.call(call);
		assertThat(request.getBodyAsString()).isEqualTo("ACME");
		assertThat(request.getAttributes()).containsEntry("noted", "by an interceptor");
	}

	/**
	 * The client can return a response at the moment when it cancels the request.
	 */
	@Test
	void callFailsWhenResponseArrivesAfterReadTimeout() throws Exception {
		AtomicInteger closed = new AtomicInteger();
		MockClientHttpRequest request = new MockClientHttpRequest();
		request.setResponse(new MockClientHttpResponse(new BodyThatNeverComes(closed), HttpStatus.OK));
		HttpClientService service = HttpClientService.of(Target.of("quotes"),
				new SlowJdkClient(request, Duration.ofMillis(1)));
		assertThatExceptionOfType(HttpTimeoutException.class)
			.isThrownBy(() -> service.call(call(HttpMethod.GET, "http://quotes/", null)));
		assertThat(closed).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT1M", "P365000D", "P100000000000D" })
	void responseIsReturnedWhenItArrivesWithinReadTimeout(Duration readTimeout) throws Exception {
		MockClientHttpRequest request = new MockClientHttpRequest();
		request.setResponse(new MockClientHttpResponse());
		HttpClientService service = HttpClientService.of(Target.of("quotes"), new SlowJdkClient(request, readTimeout));
		assertThat(service.call(call(HttpMethod.GET, "http://quotes/", null)).getStatusCode()).isEqualTo(HttpStatus.OK);
	}

	@Test
	void disposableAndCloseableClientsAreClosed() throws Exception {
		AtomicInteger closed = new AtomicInteger();
		HttpClientService.of(Target.of("quotes"), new DisposableClient(closed)).close();
		HttpClientService.of(Target.of("quotes"), new CloseableClient(closed)).close();
		HttpClientService.of(Target.of("quotes"), new JdkClientHttpRequestFactory()).close();
		assertThat(closed).hasValue(2);
	}

	@Test
	void targetWithoutHostIsRejected() {
		Target target = new Target("quotes", URI.create("localhost:8080"));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> HttpClientService.of(target, new JdkClientHttpRequestFactory()))
			.withMessageContaining("'localhost:8080'");
	}

	private static HttpCall call(HttpMethod method, String uri, StreamingHttpOutputMessage.@Nullable Body body) {
		return new HttpCall(URI.create(uri), method, new HttpHeaders(), new HashMap<>(), body);
	}

	private static StreamingHttpOutputMessage.Body bytes(String text) {
		return (output) -> output.write(text.getBytes(StandardCharsets.UTF_8));
	}

	/** Client that needs two milliseconds for each request. */
	private static final class SlowJdkClient extends JdkClientHttpRequestFactory {

		private final ClientHttpRequest request;

		SlowJdkClient(ClientHttpRequest request, Duration readTimeout) {
			this.request = request;
			setReadTimeout(readTimeout);
		}

		@Override
		public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
			long start = System.nanoTime();
			while (System.nanoTime() - start < 2_000_000) {
				Thread.onSpinWait();
			}
			return this.request;
		}

	}

	private static final class BodyThatNeverComes extends InputStream {

		private final AtomicInteger closed;

		BodyThatNeverComes(AtomicInteger closed) {
			this.closed = closed;
		}

		@Override
		public int read() {
			throw new AssertionError("Reading the body would block indefinitely");
		}

		@Override
		public void close() {
			this.closed.incrementAndGet();
		}

	}

	private record DisposableClient(AtomicInteger closed) implements ClientHttpRequestFactory, DisposableBean {

		@Override
		public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
			throw new IOException();
		}

		@Override
		public void destroy() {
			this.closed.incrementAndGet();
		}

	}

	private record CloseableClient(AtomicInteger closed) implements ClientHttpRequestFactory, AutoCloseable {

		@Override
		public ClientHttpRequest createRequest(URI uri, HttpMethod method) throws IOException {
			throw new IOException();
		}

		@Override
		public void close() {
			this.closed.incrementAndGet();
		}

	}

}
