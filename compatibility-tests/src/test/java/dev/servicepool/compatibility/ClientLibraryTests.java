package dev.servicepool.compatibility;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Pools of the HTTP clients of each library that Boot can build them with: a call does
 * what it does without a pool, the pool grows, and what it removes is closed.
 */
@Timeout(120)
@ParameterizedClass
@EnumSource
class ClientLibraryTests {

	/** Requests at a time by one client; Apache's has no more connections by default. */
	private static final int CONCURRENCY = 5;

	private static final int SERVICES = 4;

	private static final int CALLS = 40;

	/** Threads of the server, of the tests, and those that the JVM has once. */
	private static final Pattern OTHERS = Pattern.compile(
			"http-nio-127|Catalina-|awaitility|junit-|CompletableFutureDelayScheduler|ForkJoinPool|Common-Cleaner");

	/**
	 * A library.
	 */
	enum Library {

		HTTP_COMPONENTS("http-components", true), JETTY("jetty", true), REACTOR("reactor", false),
		SIMPLE("simple", false), JDK("jdk", false);

		private final String factory;

		/** Whether each client has connections of its own and can be closed. */
		private final boolean closeable;

		Library(String factory, boolean closeable) {
			this.factory = factory;
			this.closeable = closeable;
		}

	}

	@TempDir
	private Path folder;

	@Parameter
	private Library library;

	private Upstream upstream;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
				RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class))
		.withUserConfiguration(JettyConnections.class);

	@BeforeEach
	void startServer() throws Exception {
		this.upstream = new Upstream(this.folder, SERVICES * CONCURRENCY);
	}

	@AfterEach
	void stopServer() throws Exception {
		this.upstream.close();
	}

	@Test
	void fortyCallsAtOnceAreAnsweredByAPoolThatGrows() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			List<String> answers = atOnce(() -> get(pooled, "/hold"));
			assertThat(answers).hasSize(CALLS).allMatch((answer) -> answer.startsWith("GET /hold, 0 bytes"));
			assertThat(this.upstream.requests()).as("each once").isEqualTo(CALLS);
			PoolSnapshot snapshot = snapshot(context);
			assertThat(snapshot.size().live()).isEqualTo(SERVICES);
			assertThat(snapshot.calls().succeeded()).isEqualTo(CALLS);
			assertThat(snapshot.inFlight()).isZero();
		});
	}

	@Test
	void theBodyOfARequestIsStreamedAsByThePlainClient() {
		StreamingHttpOutputMessage.Body body = (output) -> output.write(new byte[1_000_000]);
		run(this.upstream.uri(), (context, plain, pooled) -> {
			String expected = plain.post().uri("/").body(body).retrieve().body(String.class);
			assertThat(expected).isEqualTo("POST /, 1000000 bytes, Transfer-Encoding chunked");
			assertThat(pooled.post().uri("/").body(body).retrieve().body(String.class)).isEqualTo(expected);
			assertThat(snapshot(context).inFlight()).isZero();
		});
	}

	@Test
	void theBodyOfAResponseIsStreamed() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			int length = Upstream.PART.length();
			try (InputStream body = pooled.get().uri("/parts").retrieve().requiredBody(InputStream.class)) {
				assertThat(body.readNBytes(length)).asString(StandardCharsets.US_ASCII).isEqualTo(Upstream.PART);
				assertThat(snapshot(context).inFlight()).isOne();
				this.upstream.letSecondPartGo();
				assertThat(body.readAllBytes()).asString(StandardCharsets.US_ASCII).isEqualTo(Upstream.PART);
			}
			assertThat(snapshot(context).inFlight()).isZero();
		});
	}

	@Test
	void anErrorOfTheServerIsThatOfThePlainClient() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			for (String status : List.of("400", "404", "503")) {
				Throwable expected = catchThrowable(() -> get(plain, "/status/" + status));
				assertThat(expected).isInstanceOf(RestClientResponseException.class).hasMessageContaining(status);
				assertSame(catchThrowable(() -> get(pooled, "/status/" + status)), expected);
				assertThat(snapshot(context).inFlight()).isZero();
			}
		});
	}

	@Test
	void aRefusedConnectionIsThatOfThePlainClient() throws IOException {
		run(URI.create("http://127.0.0.1:" + closedPort()), (context, plain, pooled) -> {
			Throwable expected = catchThrowable(() -> get(plain, "/"));
			assertThat(causes(expected)).hasAtLeastOneElementOfType(ConnectException.class);
			assertSame(catchThrowable(() -> get(pooled, "/")), expected);
			assertThat(snapshot(context).calls().failed()).isOne();
			assertThat(snapshot(context).inFlight()).isZero();
		});
	}

	@Test
	void theClientsOfRemovedServicesAreClosedAndTheOthersGoOn() {
		Set<Thread> before = threads();
		run(this.upstream.uri(), (context, plain, pooled) -> {
			atOnce(() -> get(pooled, "/hold"));
			assertThat(snapshot(context).creations().created()).as("services").isEqualTo(SERVICES);
			untilGone().until(() -> snapshot(context).size().live() == 1);
			if (this.library.closeable) {
				untilGone()
					.untilAsserted(() -> assertThat(this.upstream.connections()).isLessThanOrEqualTo(CONCURRENCY));
			}
			assertThat(get(pooled, "/")).startsWith("GET /, ");
		}, "pool.idle-timeout=500ms");
		if (this.library.closeable) {
			untilGone().untilAsserted(() -> assertThat(this.upstream.connections()).isZero());
			untilGone().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
		}
	}

	/**
	 * A test with and without a pool.
	 */
	private interface Comparison {

		void run(ApplicationContext context, RestClient plain, RestClient pooled) throws Exception;

	}

	/**
	 * Run a test with a client of an application without pools and one of an application
	 * that has a pool for the address.
	 */
	private void run(URI uri, Comparison test, String... properties) {
		ApplicationContextRunner runner = this.runner.withPropertyValues(
				"spring.http.clients.imperative.factory=" + this.library.factory,
				"spring.http.clients.read-timeout=60s");
		runner.run((without) -> runner
			.withPropertyValues("pool.instances.orders.targets=" + uri, "pool.max-concurrency=" + CONCURRENCY,
					"pool.max-services=" + SERVICES, "pool.acquire-timeout=60s")
			.withPropertyValues(properties)
			.run((with) -> test.run(with, client(without, uri), client(with, uri))));
	}

	private static RestClient client(ApplicationContext context, URI uri) {
		return context.getBean(RestClient.Builder.class).baseUrl(uri).build();
	}

	private static String get(RestClient client, String uri) {
		return client.get().uri(uri).retrieve().requiredBody(String.class);
	}

	private static List<String> atOnce(Callable<String> call) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(CALLS);
		try {
			List<String> answers = new ArrayList<>();
			for (Future<String> answer : callers.invokeAll(Collections.nCopies(CALLS, call))) {
				answers.add(answer.get());
			}
			return answers;
		}
		finally {
			callers.shutdown();
			assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	/** Check that stack traces would name the same causes. */
	private static void assertSame(Throwable actual, Throwable expected) {
		assertThat(causes(actual)).map(Throwable::toString)
			.isEqualTo(causes(expected).stream().map(Throwable::toString).toList());
	}

	private static List<Throwable> causes(Throwable failure) {
		List<Throwable> causes = new ArrayList<>();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			causes.add(cause);
		}
		return causes;
	}

	/** Return all threads but those that are neither a client's nor a pool's. */
	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !OTHERS.matcher(thread.getName()).lookingAt())
			.collect(Collectors.toSet());
	}

	private static ConditionFactory untilGone() {
		return await().atMost(Duration.ofSeconds(30));
	}

	private static int closedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	/**
	 * Jetty's client sometimes opens a connection more than it has requests, and then
	 * keeps it for half a minute.
	 */
	@Configuration(proxyBeanMethods = false)
	static class JettyConnections {

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<JettyClientHttpRequestFactoryBuilder> jettyConnections() {
			return (builder) -> builder
				.withHttpClientCustomizer((client) -> client.setMaxConnectionsPerDestination(CONCURRENCY));
		}

	}

}
