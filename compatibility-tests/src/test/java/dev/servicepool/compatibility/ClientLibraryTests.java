package dev.servicepool.compatibility;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/**
 * Tests for pools with each HTTP client library that Spring Boot supports: calls behave
 * as without a pool, the pool scales up, and removed services are closed.
 */
@Tag("slow")
@Timeout(120)
@ParameterizedClass
@EnumSource
class ClientLibraryTests {

	/** Concurrent requests per client. */
	private static final int CONCURRENCY = 5;

	private static final int SERVICES = 4;

	private static final int CALLS = 40;

	/** Length of half a response, in bytes. */
	private static final int LENGTH = 40_000;

	/** Threads of the server and of the tests, and threads that the JVM starts once. */
	private static final Pattern OTHERS = Pattern.compile("http-nio-127|Catalina-|awaitility|junit-|Common-Cleaner|"
			+ "CompletableFutureDelayScheduler|ForkJoinPool|reactor-http-|boundedElastic-|parallel-");

	/**
	 * HTTP client libraries.
	 */
	enum Library {

		HTTP_COMPONENTS("http-components", true, true, true), JETTY("jetty", true, true, true),
		REACTOR("reactor", true, true, true), SIMPLE("simple", false, false, false), JDK("jdk", false, true, true);

		private final String factory;

		/** Whether each client owns its connections and can be closed. */
		private final boolean closeable;

		/** Whether a single request can have a read timeout of its own. */
		private final boolean readTimeoutOfRequest;

		/** Whether the pool can cancel a request whose response has begun. */
		private final boolean cancels;

		Library(String factory, boolean closeable, boolean readTimeoutOfRequest, boolean cancels) {
			this.factory = factory;
			this.closeable = closeable;
			this.readTimeoutOfRequest = readTimeoutOfRequest;
			this.cancels = cancels;
		}

	}

	@Parameter
	private Library library;

	private final Work work = new Work();

	/** Concurrent requests that complete the responses of {@code /wait}. */
	private final CountDownLatch arrivals = new CountDownLatch(SERVICES * CONCURRENCY);

	/** Responses of {@code /endless} that the client has canceled. */
	private final AtomicInteger canceled = new AtomicInteger();

	@AutoClose
	private final Server upstream = Server.http1().start(this::respond);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class, RestClientAutoConfiguration.class,
				HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class));

	private void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (request.getRequestURI().equals("/endless")) {
			sendUntilCanceled(response);
			return;
		}
		if (request.getRequestURI().equals("/login")) {
			response.addHeader("Set-Cookie", "session=1");
		}
		if (request.getRequestURI().equals("/wait")) {
			this.arrivals.countDown();
			response.flushBuffer();
			await().atMost(Duration.ofSeconds(60)).until(() -> this.arrivals.getCount() == 0);
		}
		this.work.handle(request, response);
	}

	/** Send a byte now and then. */
	private void sendUntilCanceled(HttpServletResponse response) {
		try {
			while (true) {
				response.getOutputStream().write(0);
				response.flushBuffer();
				TimeUnit.MILLISECONDS.sleep(20);
			}
		}
		catch (IOException ex) {
			this.canceled.incrementAndGet();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void poolScalesUpForFortyConcurrentCalls() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			List<String> responses = concurrently(() -> get(pooled, "/wait"));
			assertThat(responses).hasSize(CALLS).containsOnly("HTTP/1.1");
			assertThat(this.upstream.count()).as("requests").isEqualTo(CALLS);
			PoolSnapshot snapshot = snapshot(context);
			assertThat(snapshot.size().live()).isEqualTo(SERVICES);
			assertThat(snapshot.totals().calls().succeeded()).isEqualTo(CALLS);
			assertThat(snapshot.load().inFlight()).isZero();
		});
	}

	@Test
	void requestBodyIsStreamedAsByPlainClient() {
		StreamingHttpOutputMessage.Body body = (output) -> output.write(new byte[1_000_000]);
		run(this.upstream.uri(), (context, plain, pooled) -> {
			for (RestClient client : List.of(plain, pooled)) {
				long before = this.work.received();
				client.post().uri("/").body(body).retrieve().toBodilessEntity();
				assertThat(this.work.received() - before).isEqualTo(1_000_000);
			}
			assertThat(this.upstream.requests()).hasSize(2)
				.allSatisfy((request) -> assertThat(request.header("Transfer-Encoding")).isEqualTo("chunked"));
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	@Test
	void responseBodyIsStreamed() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			try (InputStream body = pooled.get()
				.uri("/?size={size}&stall=body", 2 * LENGTH)
				.retrieve()
				.requiredBody(InputStream.class)) {
				assertThat(body.readNBytes(LENGTH)).hasSize(LENGTH);
				assertThat(snapshot(context).load().inFlight()).isOne();
				this.work.release();
				assertThat(body.readAllBytes()).hasSize(LENGTH);
			}
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	@Test
	void closingEndlessResponseCancelsRequest() {
		assumeThat(this.library.cancels).isTrue();
		run(this.upstream.uri(), (context, plain, pooled) -> {
			for (int i = 0; i < CALLS; i++) {
				int first = pooled.get()
					.uri("/endless")
					.exchangeForRequiredValue((request, response) -> response.getBody().read());
				assertThat(first).isZero();
				assertThat(snapshot(context).load().inFlight()).isZero();
			}
			awaitClosing().untilAtomic(this.canceled, equalTo(CALLS));
			assertThat(snapshot(context).totals().calls().succeeded()).isEqualTo(CALLS);
		}, "pool.max-services=1");
	}

	/**
	 * Reactor Netty may release a connection after the next call has begun, so that
	 * chance determines how many connections each side opens. If the pooled client opens
	 * more of them in each of five pairs, a sign test rejects at 5% that this is chance.
	 */
	@Test
	void unreadBodiesNeedNoMoreConnectionsThanPlainClient() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			List<Long> further = new ArrayList<>();
			for (int pair = 0; pair < 5; pair++) {
				long ofPlain = connectionsForUnreadBodies(plain);
				long ofPooled = connectionsForUnreadBodies(pooled);
				further.add(ofPooled - Math.max(1, ofPlain));
			}
			assertThat(further).anyMatch((number) -> number <= 0);
		});
	}

	private long connectionsForUnreadBodies(RestClient client) {
		long before = this.upstream.log().connections();
		for (int i = 0; i < 2 * CALLS; i++) {
			client.get().uri("/?size=10000").retrieve().toBodilessEntity();
		}
		return this.upstream.log().connections() - before;
	}

	@Test
	void serverErrorIsSameAsWithPlainClient() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			for (String status : List.of("400", "404", "503")) {
				Throwable expected = catchThrowable(() -> get(plain, "/?status=" + status));
				assertThat(expected).isInstanceOf(RestClientResponseException.class).hasMessageContaining(status);
				assertSame(catchThrowable(() -> get(pooled, "/?status=" + status)), expected);
				assertThat(snapshot(context).load().inFlight()).isZero();
			}
		});
	}

	@Test
	void refusedConnectionIsSameAsWithPlainClient() {
		run(Server.unreachable(), (context, plain, pooled) -> {
			Throwable expected = catchThrowable(() -> get(plain, "/"));
			assertThat(causes(expected)).hasAtLeastOneElementOfType(ConnectException.class);
			assertSame(catchThrowable(() -> get(pooled, "/")), expected);
			assertThat(snapshot(context).totals().calls().failed()).isOne();
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	@Test
	void cookiesAreSentByOtherServicesAsByPlainClient() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			for (RestClient client : List.of(plain, pooled)) {
				try (ClientHttpResponse active = client.get()
					.uri("/login")
					.exchangeForRequiredValue((request, response) -> response, false)) {
					assertThat(active.getStatusCode().value()).isEqualTo(200);
					get(client, "/");
				}
			}
			assertThat(snapshot(context).services()).allMatch((service) -> service.totals().calls() == 1);
			assertThat(this.upstream.requests()).hasSize(4);
			assertThat(this.upstream.requests().get(3).header("Cookie"))
				.isEqualTo(this.upstream.requests().get(1).header("Cookie"));
		}, "pool.min-services=2", "pool.max-services=2", "pool.max-concurrency=1");
	}

	@Test
	void callOfInterruptedThreadEndsAsWithPlainClient() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			get(plain, "/");
			get(pooled, "/");
			Throwable expected = catchThrowable(() -> getInterrupted(plain));
			boolean interrupted = Thread.interrupted();
			Throwable failure = catchThrowable(() -> getInterrupted(pooled));
			assertThat(Thread.interrupted()).isEqualTo(interrupted);
			assertSame(failure, expected);
			assertThat(snapshot(context).totals().calls().failed()).isZero();
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	/** Call a slow server, because a client may return a response that has arrived. */
	private static String getInterrupted(RestClient client) {
		Thread.currentThread().interrupt();
		return get(client, "/?millis=2000");
	}

	@Test
	void readTimeoutOfClientAppliesToPooledRequest() {
		run(this.upstream.uri(), (context, plain, pooled) -> {
			HttpClientSettings settings = context.getBean(HttpClientSettings.class)
				.withReadTimeout(Duration.ofMillis(300));
			RestClient impatient = pooled.mutate()
				.requestFactory(context.getBean(ClientHttpRequestFactoryBuilder.class).build(settings))
				.build();
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(impatient, "/?millis=500"));
			assertThat(snapshot(context).totals().calls().failed())
				.isEqualTo(this.library.readTimeoutOfRequest ? 1 : 0);
			assertThat(get(pooled, "/?millis=500")).as("with the timeout of the pool").isEqualTo("HTTP/1.1");
			assertThat(snapshot(context).totals().calls().succeeded()).isOne();
		});
	}

	@Test
	void onlyClientsOfRemovedServicesAreClosed() {
		Set<Thread> before = threads();
		run(this.upstream.uri(), (context, plain, pooled) -> {
			concurrently(() -> get(pooled, "/wait"));
			assertThat(snapshot(context).totals().creations().created()).as("services").isEqualTo(SERVICES);
			awaitClosing().until(() -> snapshot(context).size().live() == 1);
			if (this.library.closeable) {
				awaitClosing()
					.untilAsserted(() -> assertThat(this.upstream.connections()).isLessThanOrEqualTo(CONCURRENCY));
			}
			assertThat(get(pooled, "/")).isEqualTo("HTTP/1.1");
		}, "pool.idle-timeout=500ms");
		if (this.library.closeable) {
			awaitClosing().untilAsserted(() -> assertThat(this.upstream.connections()).isZero());
			awaitClosing().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
		}
	}

	/**
	 * Test with and without a pool.
	 */
	private interface Comparison {

		void run(ApplicationContext context, RestClient plain, RestClient pooled) throws Exception;

	}

	/**
	 * Run a test with two clients: one of an application without pools, and one of an
	 * application with a pool for the address.
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

	private static List<String> concurrently(Callable<String> call) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(CALLS);
		try {
			List<String> responses = new ArrayList<>();
			for (Future<String> response : callers.invokeAll(Collections.nCopies(CALLS, call))) {
				responses.add(response.get());
			}
			return responses;
		}
		finally {
			callers.shutdown();
			assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	/** Check that both exceptions and their causes have the same types and messages. */
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

	/** Return the threads that may belong to a client or to a pool. */
	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !OTHERS.matcher(thread.getName()).lookingAt())
			.collect(Collectors.toSet());
	}

	private static ConditionFactory awaitClosing() {
		return await().atMost(Duration.ofSeconds(30));
	}

}
