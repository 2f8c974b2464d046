package dev.servicepool.compatibility;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Outcome;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import dev.servicepool.spring.http.HttpFailures;
import dev.servicepool.spring.http.client.ClientFailures;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for HTTP/2 with Jetty's client.
 */
@Timeout(120)
class JettyHttp2Tests {

	private static final int CALLERS = 20;

	private final TestKeyStore keyStore = TestKeyStore.loopback();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
				RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class, SslAutoConfiguration.class))
		.withPropertyValues(this.keyStore.trustedBy("servers"))
		.withPropertyValues("spring.http.clients.imperative.factory=jetty", "spring.http.clients.read-timeout=60s",
				"pool.acquire-timeout=60s", "pool.instances.orders.client.ssl.bundle=servers",
				"pool.instances.orders.client.http-version=http-2");

	@Test
	void serviceUsesOneConnection() {
		try (Server server = Server.http2().tls(this.keyStore).start(new Work())) {
			this.runner.withPropertyValues("pool.instances.orders.targets=" + server.secureUri(), "pool.max-services=1")
				.run((context) -> {
					RestClient client = context.getBean(RestClient.Builder.class).baseUrl(server.secureUri()).build();
					assertThat(get(client, "/")).startsWith("HTTP/2.0");
					assertThat(concurrently(client, "/?millis=50", 20)).hasSize(20)
						.allMatch((protocol) -> protocol.startsWith("HTTP/2.0"));
					assertThat(server.connections()).isOne();
					PoolSnapshot snapshot = context.getBean(Pool.class).snapshot();
					assertThat(snapshot.services().get(0).details()).isEqualTo(Map.of("protocol", "HTTP/2"));
				});
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 10, 100 })
	void noRequestFailsAtStreamLimit(int streams) {
		try (Server server = Server.http2(streams).tls(this.keyStore).start(new Work())) {
			this.runner.withPropertyValues("pool.instances.orders.targets=" + server.secureUri()).run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class).baseUrl(server.secureUri()).build();
				assertThat(concurrently(client, "/?millis=50", 500)).hasSize(500);
				PoolSnapshot snapshot = context.getBean(Pool.class).snapshot();
				assertThat(snapshot.totals().calls().succeeded()).isEqualTo(500);
				assertThat(snapshot.totals().calls().failed()).isZero();
				// The server counts a stream until it has written the last frame. It may
				// therefore refuse a stream that the client has just replaced.
				assertThat(snapshot.totals().calls().unsent()).isLessThan(25);
			});
		}
	}

	@Test
	void firstRequestsShareConnectionThatPrecedesThem() {
		try (Server server = Server.http2().tls(this.keyStore).start(new Work())) {
			this.runner.withPropertyValues("pool.instances.orders.targets=" + server.secureUri(), "pool.max-services=1")
				.run((context) -> {
					RestClient client = context.getBean(RestClient.Builder.class).baseUrl(server.secureUri()).build();
					await().until(() -> context.getBean(Pool.class).snapshot().size().ready() == 1);
					assertThat(server.connections()).isOne();
					assertThat(server.count()).isZero();
					assertThat(concurrently(client, "/?millis=50", 20)).hasSize(20);
					assertThat(server.connections()).isOne();
				});
		}
	}

	@Test
	void versionIsNegotiated() {
		try (Server server = Server.http1().tls(this.keyStore).start(new Work())) {
			for (String uri : List.of(server.secureUri().toString(), server.uri().toString())) {
				this.runner.withPropertyValues("pool.instances.orders.targets=" + uri).run((context) -> {
					RestClient client = context.getBean(RestClient.Builder.class).baseUrl(uri).build();
					assertThat(get(client, "/")).startsWith("HTTP/1.1");
					PoolSnapshot snapshot = context.getBean(Pool.class).snapshot();
					assertThat(snapshot.services().get(0).details()).isEqualTo(Map.of("protocol", "HTTP/1.1"));
				});
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ ScriptedHttp2Server.REFUSED_STREAM + ", NOT_SENT",
			ScriptedHttp2Server.INTERNAL_ERROR + ", SERVER_ERROR" })
	void resetStreamIsClassifiedByItsCode(int code, Outcome outcome) throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(
				(connection, stream) -> connection.reset(stream, code))) {
			Throwable failure = failure(server.uri());
			assertThat(HttpFailures.INSTANCE.classify(failure)).isEqualTo(outcome);
			assertThat(ClientFailures.isRefused(failure)).isEqualTo(outcome == Outcome.NOT_SENT);
		}
	}

	@Test
	void abortedConnectionMeansConnectionLost() throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((connection, stream) -> connection.abort())) {
			assertThat(HttpFailures.INSTANCE.classify(failure(server.uri()))).isEqualTo(Outcome.CONNECTION_LOST);
		}
	}

	/** A request meets such a connection if a GOAWAY arrives at the same moment. */
	@Test
	void closingConnectionMeansNotSent() throws Exception {
		HTTP2Client client = new HTTP2Client();
		client.start();
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((connection, stream) -> connection.ok(stream))) {
			Session session = client
				.connect(new InetSocketAddress(server.uri().getHost(), server.uri().getPort()), new Session.Listener() {
				})
				.get();
			session.close(ErrorCode.NO_ERROR.code, null, Callback.NOOP);
			HeadersFrame request = new HeadersFrame(
					new MetaData.Request("POST", HttpURI.from(server.uri()), HttpVersion.HTTP_2, HttpFields.EMPTY),
					null, true);
			Throwable cause = catchThrowable(() -> session.newStream(request, null).get()).getCause();
			Throwable failure = new IOException(cause.getMessage(), cause);
			assertThat(HttpFailures.INSTANCE.classify(failure)).isEqualTo(Outcome.NOT_SENT);
			assertThat(ClientFailures.isRefused(failure)).isTrue();
			assertThat(server.requests()).isEmpty();
		}
		finally {
			client.stop();
		}
	}

	@Test
	void messageOfApplicationDoesNotMeanNotSent() {
		Throwable failure = new IOException(new IllegalStateException("session closed"));
		assertThat(HttpFailures.INSTANCE.classify(failure)).isEqualTo(Outcome.CONNECTION_LOST);
	}

	private static Throwable failure(URI server) {
		ClientHttpRequestFactory client = withoutTls(ClientHttpRequestFactoryBuilder.jetty()).build();
		return catchThrowable(() -> client.createRequest(server, HttpMethod.GET).execute().close());
	}

	/**
	 * Without retries, a request is sent again only if it was certainly not processed.
	 */
	@Test
	void requestIsSentAgainWhenGoAwayExcludesIt() throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((connection, stream) -> {
			if (connection.number() == 1) {
				connection.goAway(0);
			}
			else {
				connection.ok(stream);
			}
		})) {
			this.runner.withUserConfiguration(WithoutTls.class)
				.withPropertyValues("pool.instances.orders.targets=" + server.uri(),
						"pool.instances.orders.client.http-version=http-1-1", "pool.retry.max-retries=0")
				.run((context) -> {
					RestClient client = context.getBean(RestClient.Builder.class).baseUrl(server.uri()).build();
					client.get().uri("/").retrieve().toBodilessEntity();
					assertThat(server.requests()).containsExactly("1/1", "2/1");
				});
		}
	}

	@Test
	void ignoredBodiesCancelNoStream() throws Exception {
		runWithoutTls((connection, stream) -> connection.ok(stream, new byte[10_000]), (server, context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).baseUrl(server.uri()).build();
			for (int i = 0; i < 1_000; i++) {
				client.get().uri("/").retrieve().toBodilessEntity();
			}
			assertThat(server.requests()).hasSize(1_000).allMatch((request) -> request.startsWith("1/"));
			assertThat(server.canceled()).isZero();
		});
	}

	@Test
	void closingEndlessResponsesFreesThreadsAndPermits() throws Exception {
		runWithoutTls(endlessThenEmpty(), (server, context) -> {
			RestClient client = context.getBean(RestClient.Builder.class).baseUrl(server.uri()).build();
			concurrently(CALLERS,
					() -> client.get()
						.uri("/")
						.exchangeForRequiredValue((request, response) -> response.getBody().read()));
			assertCanceled(server, context);
			concurrently(CALLERS, () -> client.get().uri("/").retrieve().toBodilessEntity());
		});
	}

	@Test
	void interceptorsThatThrowFreeThreadsAndPermits() throws Exception {
		runWithoutTls(endlessThenEmpty(), (server, context) -> {
			RestClient.Builder builder = context.getBean(RestClient.Builder.class)
				.baseUrl(server.uri())
				.apply(context.getBean(RestClientPools.class).fromPool("orders"));
			RestClient failing = builder.clone().requestInterceptor((request, body, execution) -> {
				execution.execute(request, body);
				throw new IOException("signature does not match");
			}).build();
			assertThat(concurrently(CALLERS, () -> catchThrowable(() -> get(failing, "/"))))
				.allMatch(ResourceAccessException.class::isInstance);
			assertCanceled(server, context);
			concurrently(CALLERS, () -> builder.build().get().uri("/").retrieve().toBodilessEntity());
		});
	}

	/** Return a script whose first responses do not end. */
	private static ScriptedHttp2Server.Script endlessThenEmpty() {
		AtomicInteger requests = new AtomicInteger();
		return (connection, stream) -> {
			if (requests.getAndIncrement() < CALLERS) {
				connection.begin(stream, "event");
			}
			else {
				connection.ok(stream);
			}
		};
	}

	private static void assertCanceled(ScriptedHttp2Server server, ApplicationContext context) {
		assertThat(context.getBean(Pool.class).snapshot().load().inFlight()).isZero();
		await().untilAsserted(() -> assertThat(server.canceled()).isEqualTo(CALLERS));
	}

	private void runWithoutTls(ScriptedHttp2Server.Script script, Scenario scenario) throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(script)) {
			this.runner.withUserConfiguration(WithoutTls.class)
				.withPropertyValues("pool.instances.orders.targets=" + server.uri(), "pool.max-services=1",
						"pool.instances.orders.client.http-version=http-1-1")
				.run((context) -> scenario.run(server, context));
		}
	}

	private interface Scenario {

		void run(ScriptedHttp2Server server, ApplicationContext context) throws Exception;

	}

	private static JettyClientHttpRequestFactoryBuilder withoutTls(JettyClientHttpRequestFactoryBuilder builder) {
		return builder.withHttpClientTransportFactory(
				(connector) -> new HttpClientTransportOverHTTP2(new HTTP2Client(connector)));
	}

	@Configuration(proxyBeanMethods = false)
	static class WithoutTls {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JettyClientHttpRequestFactoryBuilder> withoutTls() {
			return JettyHttp2Tests::withoutTls;
		}

	}

	private static String get(RestClient client, String path) {
		return client.get().uri(path).retrieve().requiredBody(String.class);
	}

	private static List<String> concurrently(RestClient client, String path, int callers) throws Exception {
		return concurrently(callers, () -> get(client, path));
	}

	private static <T> List<T> concurrently(int callers, Callable<T> call) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		try {
			List<T> responses = new ArrayList<>();
			for (Future<T> response : threads.invokeAll(Collections.nCopies(callers, call))) {
				responses.add(response.get());
			}
			return responses;
		}
		finally {
			threads.shutdown();
		}
	}

}
