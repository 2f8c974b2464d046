package dev.servicepool.spring.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PooledClientHttpRequestInterceptor} with
 * {@link RoutingClientHttpRequestFactory} and {@link HttpClientService}.
 */
@ExtendWith(OutputCaptureExtension.class)
class PooledClientHttpRequestInterceptorTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final List<AutoCloseable> closeables = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.closeables) {
			closeable.close();
		}
	}

	@Test
	void leaseEndsWhenResponseIsClosed() throws Exception {
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server(200, "ok"));
		ClientHttpResponse response = exchange(pool);
		assertThat(response.getStatusCode()).isEqualTo(HttpStatus.OK);
		assertThat(response.getStatusText()).isNotNull();
		assertThat(response.getHeaders().getContentLength()).isEqualTo(2);
		assertThat(response.getBody().readNBytes(2)).asString().isEqualTo("ok");
		assertThat(pool.snapshot().load().inFlight()).isOne();
		response.close();
		assertEnded(pool, 1, 0);
		response.close();
		assertEnded(pool, 1, 0);
	}

	@Test
	void leaseEndsWhenBodyIsClosed() throws Exception {
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server(200, "ok"));
		ClientHttpResponse response = exchange(pool);
		response.getBody().close();
		assertEnded(pool, 1, 0);
		response.close();
		assertEnded(pool, 1, 0);
	}

	@Test
	void leaseEndsWhenResponseIsEmpty() throws Exception {
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server(204, ""));
		assertThat(client(pool).get().uri("/").retrieve().toBodilessEntity().getStatusCode())
			.isEqualTo(HttpStatus.NO_CONTENT);
		assertEnded(pool, 1, 0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 404, 429, 500, 503 })
	void leaseEndsWhenResponseIsAnError(int status) throws Exception {
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server(status, "sorry"));
		assertThatExceptionOfType(RestClientResponseException.class)
			.isThrownBy(() -> client(pool).get().uri("/").retrieve().body(String.class))
			.satisfies((ex) -> assertThat(ex.getResponseBodyAsString()).isEqualTo("sorry"));
		boolean failure = status >= 500;
		assertEnded(pool, failure ? 0 : 1, failure ? 1 : 0);
	}

	@Test
	void leaseEndsWhenStreamIsClosed() throws Exception {
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server(200, "a stream"));
		InputStream stream = client(pool).get().uri("/").retrieve().requiredBody(InputStream.class);
		assertThat(pool.snapshot().load().inFlight()).isOne();
		assertThat(stream.skip(2)).isEqualTo(2);
		assertThat(stream.read()).isEqualTo('s');
		assertThat(new String(stream.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("tream");
		assertThat(pool.snapshot().load().inFlight()).isOne();
		stream.close();
		assertEnded(pool, 1, 0);
	}

	@Test
	void leaseFailsWhenRequestFails() throws Exception {
		Server server = server(200, "ok");
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server);
		server.stop();
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> client(pool).get().uri("/").retrieve().body(String.class))
			.withRootCauseInstanceOf(IOException.class);
		assertEnded(pool, 0, 1);
	}

	@Test
	void leaseFailsWhenBodyIsIncomplete() throws Exception {
		Server server = closeLater(Server.http1().start((request, response) -> {
			response.setContentLength(100_000);
			response.getOutputStream().write(new byte[10]);
			Handler.abort(response);
		}));
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server);
		InputStream stream = client(pool).get().uri("/").retrieve().requiredBody(InputStream.class);
		assertThatExceptionOfType(IOException.class).isThrownBy(stream::readAllBytes);
		assertEnded(pool, 0, 1);
		stream.close();
		assertEnded(pool, 0, 1);
	}

	@Test
	void leaseFailsWhenBodyIsNotAvailable() throws Exception {
		Pool<HttpCall, ClientHttpResponse> pool = pool((target) -> (call) -> new MockClientHttpResponse() {
			@Override
			public InputStream getBody() throws IOException {
				throw new IOException("no body");
			}
		});
		assertThatExceptionOfType(RestClientException.class)
			.isThrownBy(() -> client(pool).get().uri("/").retrieve().body(String.class))
			.withStackTraceContaining("no body");
		assertEnded(pool, 0, 1);
	}

	@Test
	void leaseFailsWhenServiceThrowsCheckedException() {
		Pool<HttpCall, ClientHttpResponse> pool = pool((target) -> (call) -> {
			throw new Exception("odd");
		});
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> client(pool).get().uri("/").retrieve().body(String.class))
			.withStackTraceContaining("odd");
		assertEnded(pool, 0, 1);
	}

	@Test
	void leaseOutcomeIsUnknownWhenLaterInterceptorFails() throws Exception {
		Server server = server(200, "ok");
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server);
		RestClient client = builder(pool).requestInterceptor((request, body, execution) -> {
			throw new IllegalStateException("no token");
		}).build();
		assertThatIllegalStateException().isThrownBy(() -> client.get().uri("/").retrieve().body(String.class));
		assertEnded(pool, 0, 0);
		assertThat(pool.snapshot().totals().calls().unknown()).isOne();
		assertThat(server.requests()).isEmpty();
	}

	@Test
	void laterInterceptorsSeeAddressOfLeasedService() throws Exception {
		Server server = server(200, "ok");
		List<URI> seen = new ArrayList<>();
		RestClient client = builder(poolOf(server)).requestInterceptor((request, body, execution) -> {
			seen.add(request.getURI());
			return execution.execute(request, body);
		}).build();
		client.get().uri(URI.create("http://quotes/a%2Fb?q=1+1&r=a%20b")).retrieve().toBodilessEntity();
		assertThat(seen).containsExactly(URI.create(server.uri() + "/a%2Fb?q=1+1&r=a%20b"));
		assertThat(server.onlyRequest().uri()).isEqualTo("/a%2Fb?q=1+1&r=a%20b");
	}

	@Test
	void leaseIsRemovedFromAttributesAfterRequest() throws Exception {
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server(200, "ok"));
		RestClient client = RestClient.builder()
			.requestFactory(new RoutingClientHttpRequestFactory(new JdkClientHttpRequestFactory()))
			.requestInterceptor((request, body, execution) -> {
				ClientHttpResponse response = execution.execute(request, body);
				assertThat(request.getAttributes()).doesNotContainKey(ActiveLease.class.getName());
				return response;
			})
			.requestInterceptor(new PooledClientHttpRequestInterceptor(() -> pool))
			.build();
		assertThat(client.get().uri("http://quotes/").retrieve().body(String.class)).isEqualTo("ok");
	}

	@Test
	void requestIsRetriedWhileStreamLimitIsReached() {
		AtomicInteger requestsToRefuse = new AtomicInteger(50);
		Pool<HttpCall, ClientHttpResponse> pool = pool((target) -> (call) -> {
			if (requestsToRefuse.getAndDecrement() > 0) {
				throw new IOException("too many concurrent streams");
			}
			return new MockClientHttpResponse("ok".getBytes(StandardCharsets.UTF_8), 200);
		});
		assertThat(client(pool).get().uri("/").retrieve().body(String.class)).isEqualTo("ok");
		assertThat(pool.snapshot().totals().calls().unsent()).isEqualTo(50);
	}

	@Test
	void requestFailsWhenAcquireTimesOut() throws Exception {
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server(200, "ok"), Duration.ofMillis(1));
		Lease<HttpCall, ClientHttpResponse> lease = pool.acquire(TIMEOUT);
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> client(pool).get().uri("/").retrieve().body(String.class))
			.havingRootCause()
			.isInstanceOf(AcquireTimeoutException.class);
		lease.close();
	}

	@Test
	void waitingThreadFailsAndStaysInterruptedOnInterrupt() throws Exception {
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server(200, "ok"));
		try {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> client(pool).get().uri("/").retrieve().body(String.class))
				.withCauseInstanceOf(InterruptedIOException.class)
				.withMessageContaining("pool 'quotes'");
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(pool.snapshot().load().inFlight()).isZero();
	}

	@Test
	void warningIsLoggedOnceWhenClientHasNoRouter(CapturedOutput output) throws Exception {
		Server server = server(200, "ok");
		Pool<HttpCall, ClientHttpResponse> pool = poolOf(server);
		RestClient client = RestClient.builder()
			.baseUrl("http://quotes")
			.requestInterceptor(new PooledClientHttpRequestInterceptor(() -> pool))
			.build();
		client.get().uri("/").retrieve().toBodilessEntity();
		client.get().uri("/").retrieve().toBodilessEntity();
		assertThat(server.requests()).hasSize(2);
		assertThat(output.getOut()).containsOnlyOnce("fromPool(\"quotes\")");
	}

	@Test
	void noWarningIsLoggedWhenClientHasRouter(CapturedOutput output) throws Exception {
		client(poolOf(server(200, "ok"))).get().uri("/").retrieve().toBodilessEntity();
		assertThat(output.getOut()).doesNotContain("fromPool");
	}

	private Server server(int status, String body) {
		return closeLater(Server.http1().start(Handler.responding(status, body)));
	}

	private <T extends AutoCloseable> T closeLater(T closeable) {
		this.closeables.add(closeable);
		return closeable;
	}

	private Pool<HttpCall, ClientHttpResponse> poolOf(Server server) {
		return poolOf(server, TIMEOUT);
	}

	private Pool<HttpCall, ClientHttpResponse> poolOf(Server server, Duration acquireTimeout) {
		return pool((target) -> HttpClientService.of(target, new JdkClientHttpRequestFactory()),
				Target.of(server.uri()), acquireTimeout);
	}

	private Pool<HttpCall, ClientHttpResponse> pool(ServiceFactory<HttpCall, ClientHttpResponse> factory) {
		return pool(factory, Target.of("quotes"), TIMEOUT);
	}

	private Pool<HttpCall, ClientHttpResponse> pool(ServiceFactory<HttpCall, ClientHttpResponse> factory, Target target,
			Duration acquireTimeout) {
		return closeLater(Pool.builder()
			.name("quotes")
			.targets(target)
			.maxServices(1)
			.maxConcurrency(1)
			.acquireTimeout(acquireTimeout)
			.build(factory));
	}

	private static ClientHttpResponse exchange(Pool<HttpCall, ClientHttpResponse> pool) {
		return client(pool).get().uri("/").exchange((request, response) -> response, false);
	}

	private static RestClient client(Pool<HttpCall, ClientHttpResponse> pool) {
		return builder(pool).build();
	}

	private static RestClient.Builder builder(Pool<HttpCall, ClientHttpResponse> pool) {
		return RestClient.builder()
			.baseUrl("http://quotes")
			.requestInterceptor(new PooledClientHttpRequestInterceptor(() -> pool))
			.requestFactory(new RoutingClientHttpRequestFactory(new JdkClientHttpRequestFactory()));
	}

	private static void assertEnded(Pool<HttpCall, ClientHttpResponse> pool, int succeeded, int failed) {
		PoolSnapshot snapshot = pool.snapshot();
		assertThat(snapshot.load().inFlight()).isZero();
		assertThat(snapshot.totals().calls().succeeded()).isEqualTo(succeeded);
		assertThat(snapshot.totals().calls().failed()).isEqualTo(failed);
	}

}
