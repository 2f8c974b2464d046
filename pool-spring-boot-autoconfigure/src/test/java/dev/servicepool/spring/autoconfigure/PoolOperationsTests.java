package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import dev.servicepool.Pool;
import dev.servicepool.PoolBounds;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.fixtures.Server;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the operations of the endpoint over HTTP, with unrestricted access.
 */
@Timeout(60)
class PoolOperationsTests {

	private static final int CALLERS = 6;

	private static final PoolBounds BOUNDS = new PoolBounds(1, 8, 2, Duration.ofSeconds(10));

	private static final HttpClient operator = HttpClient.newHttpClient();

	@AutoClose
	private static Server first;

	@AutoClose
	private static Server second;

	private static ConfigurableApplicationContext context;

	private static Pool<?, ?> pool;

	/** The number of the last event before the test. */
	private long before;

	@BeforeAll
	static void start() {
		first = Server.http1().start();
		second = Server.http1().start();
		context = new SpringApplicationBuilder(Application.class)
			.properties("server.port=0", "spring.main.banner-mode=off", "spring.web.error.include-message=always",
					"management.endpoints.web.exposure.include=pool", "management.endpoint.pool.access=unrestricted",
					"pool.instances.orders.url=http://orders",
					"pool.instances.orders.targets=" + first.uri() + "," + second.uri(),
					"pool.instances.orders.max-concurrency=2", "pool.instances.orders.max-services=8")
			.run();
		pool = context.getBean("ordersPool", Pool.class);
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@BeforeEach
	void restore() {
		pool.changeBounds(BOUNDS, "test");
		pool.snapshot().health().drainedTargets().forEach((target) -> pool.undrainTarget(target, "test"));
		List<PoolSnapshot.CountedEvent> events = pool.snapshot().events().latest();
		this.before = events.isEmpty() ? 0 : events.get(events.size() - 1).event().sequence();
	}

	@Test
	void boundsChangeUntilRestart() throws Exception {
		assertThat(post("/orders",
				"{\"minServices\": 3, \"maxServices\": 6, \"maxConcurrency\": 4, \"headroomWindow\": \"30s\"}"))
			.isEqualTo(204);
		PoolSnapshot snapshot = pool.snapshot();
		assertThat(snapshot.settings().minServices()).isEqualTo(3);
		assertThat(snapshot.settings().maxServices()).isEqualTo(6);
		assertThat(snapshot.settings().maxConcurrency()).isEqualTo(4);
		assertThat(snapshot.settings().headroomWindow()).isEqualTo(Duration.ofSeconds(30));
		assertThat(lastEvent("bounds-changed"))
			.isEqualTo("minServices from 1 to 3, maxServices from 8 to 6, maxConcurrency from 2 to 4, "
					+ "headroomWindow from 10s to 30s, until the restart; requested by an anonymous user");
	}

	@Test
	void absentBoundsRemainUnchanged() throws Exception {
		assertThat(post("/orders", "{\"maxServices\": 6}")).isEqualTo(204);
		assertThat(post("/orders", "{}")).isEqualTo(204);
		assertThat(pool.settings().maxServices()).isEqualTo(6);
		assertThat(pool.settings().maxConcurrency()).isEqualTo(2);
		assertThat(events("bounds-changed")).hasSize(1);
	}

	@Test
	void eventNamesUserOfSecurityContext() throws Exception {
		assertThat(post("/orders", "{\"maxServices\": 6}", "alice")).isEqualTo(204);
		assertThat(lastEvent("bounds-changed")).endsWith("; requested by 'alice'");
		assertThat(post("/orders/reset", "{}", "a".repeat(200))).isEqualTo(204);
		assertThat(lastEvent("reset")).endsWith("; requested by '" + "a".repeat(100) + "...'");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					/orders          | {"maxServices": 1}        | maxServices must be at least the number of targets (2) but was 1
					/orders          | {"maxConcurrency": 0}     | maxConcurrency must be at least 1 but was 0
					/orders          | {"headroomWindow": "-1s"} | headroomWindow must not be negative but was PT-1S
					/orders          | {"minServices": "many"}   | minServices must be a whole number but was many
					/orders          | {"maxServices": 8.5}      | maxServices must be a whole number but was 8.5
					/orders          | {"headroomWindow": "1y"}  | headroomWindow must be a duration such as 10s but was 1y
					/orders          | {"headroomWindow": "9999999999999999999d"} | headroomWindow must be a duration such as 10s
					/orders          | {"maxServices": {"a": 1}} |
					/orders/drain    | {}                        | target must be the name of a target but was null
					/orders/drain    | {"target": "http://x"}    | target must be one of 'http://127.0.0.1
					/orders/undrain  | {"target": "http://x"}    | target must be one of 'http://127.0.0.1
					/orders/replace  | {"target": "http://x"}    | target must be absent, because 'replace' concerns all targets
					/orders/restart  | {}                        | operation must be one of 'drain', 'undrain', 'replace', 'reset'
					""")
	void invalidValueIsRejectedWithItsConstraint(String path, String body, String message) throws Exception {
		HttpResponse<String> response = send(path, body, null);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains((message != null) ? message : "Bad Request");
		assertThat(pool.settings().maxServices()).isEqualTo(8);
		assertThat(pool.snapshot().health().drainedTargets()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "/unknown", "/Orders", "/ORDERS/reset", "/or-ders/replace" })
	void writeRequiresExactNameOfPool(String path) throws Exception {
		assertThat(post(path, "{}")).isEqualTo(404);
	}

	@Test
	void onlyTargetThatIsNotDrainedCannotBeDrained() throws Exception {
		assertThat(post("/orders/drain", target(first))).isEqualTo(204);
		assertThat(post("/orders/drain", target(first))).isEqualTo(204);
		assertThat(events("target-drained")).hasSize(1);
		HttpResponse<String> response = send("/orders/drain", target(second), null);
		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("target must not be the only target that is not drained but was ");
		assertThat(post("/orders/undrain", target(first))).isEqualTo(204);
		assertThat(pool.snapshot().health().drainedTargets()).isEmpty();
	}

	@Test
	void linksListOperations() throws Exception {
		HttpResponse<String> links = operator.send(HttpRequest.newBuilder(uri("/actuator")).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(links.body()).contains("/actuator/pool/{name}/{operation}");
	}

	@Test
	void drainedTargetReceivesNoRequestUnderLoad() throws Exception {
		try (Load load = new Load(client())) {
			load.awaitCalls(200);
			for (Server server : List.of(first, second)) {
				assertThat(post("/orders/drain", target(server))).isEqualTo(204);
				int older = olderLeases(server);
				long received = server.count();
				load.awaitCalls(200);
				assertThat(server.count() - received).as("requests with an older lease").isBetween(0L, (long) older);
				assertThat(post("/orders/undrain", target(server))).isEqualTo(204);
				load.awaitCalls(200);
			}
		}
		assertThat(events("target-drained")).hasSize(2);
	}

	@Test
	void noCallFailsWhileBoundsChangeUnderLoad() throws Exception {
		try (Load load = new Load(client())) {
			for (int maxServices : List.of(2, 8, 2)) {
				assertThat(post("/orders", "{\"maxServices\": " + maxServices + "}")).isEqualTo(204);
				load.awaitCalls(500);
				assertThat(pool.snapshot().size().live()).isLessThanOrEqualTo(maxServices);
			}
		}
		assertThat(pool.snapshot().events().latest())
			.anyMatch((counted) -> counted.event().reason() == Reason.MAX_LOWERED);
	}

	@Test
	void noCallFailsWhileServicesAreReplacedAndReset() throws Exception {
		try (Load load = new Load(client())) {
			load.awaitCalls(100);
			assertThat(post("/orders/replace", "{}")).isEqualTo(204);
			assertThat(post("/orders/reset", "{}")).isEqualTo(204);
			load.awaitCalls(500);
		}
		assertThat(pool.snapshot().events().latest())
			.anyMatch((counted) -> counted.event().reason() == Reason.OUTDATED);
	}

	private static RestClient client() {
		return context.getBean(RestClient.Builder.class).build();
	}

	/** Return the number of active leases of a drained server. */
	private static int olderLeases(Server server) {
		List<ServiceSnapshot> services = pool.snapshot()
			.services()
			.stream()
			.filter((service) -> service.target().equals(server.uri().toString()))
			.toList();
		assertThat(services).extracting(ServiceSnapshot::state).isSubsetOf(State.DRAINING, State.CLOSING);
		return services.stream().mapToInt((service) -> service.load().inFlight()).sum();
	}

	private static String target(Server server) {
		return "{\"target\": \"" + server.uri() + "\"}";
	}

	private String lastEvent(String type) {
		List<String> events = events(type);
		return events.get(events.size() - 1);
	}

	private List<String> events(String type) {
		return pool.snapshot()
			.events()
			.latest()
			.stream()
			.map(PoolSnapshot.CountedEvent::event)
			.filter((event) -> event.type().code().equals(type) && event.sequence() > this.before)
			.map((event) -> event.message())
			.toList();
	}

	private static int post(String path, String body) throws Exception {
		return post(path, body, null);
	}

	private static int post(String path, String body, String user) throws Exception {
		return send(path, body, user).statusCode();
	}

	private static HttpResponse<String> send(String path, String body, String user) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri("/actuator/pool" + path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body));
		if (user != null) {
			request.header(UserFilter.USER, user);
		}
		return operator.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static URI uri(String path) {
		int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
		return URI.create("http://localhost:" + port + path);
	}

	/** Callers that send requests one after another. Its close fails if a call failed. */
	private static final class Load implements AutoCloseable {

		private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

		private final AtomicBoolean done = new AtomicBoolean();

		private final LongAdder calls = new LongAdder();

		private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();

		private final List<CompletableFuture<Void>> running = new ArrayList<>();

		Load(RestClient client) {
			for (int caller = 0; caller < CALLERS; caller++) {
				this.running.add(CompletableFuture.runAsync(() -> {
					while (!this.done.get()) {
						call(client);
					}
				}, this.callers));
			}
		}

		private void call(RestClient client) {
			try {
				client.get().uri("http://orders/?millis=2").retrieve().toBodilessEntity();
			}
			catch (RuntimeException ex) {
				this.failures.add(ex);
			}
			this.calls.increment();
		}

		void awaitCalls(long number) {
			long enough = this.calls.sum() + number;
			while (this.calls.sum() < enough) {
				Thread.onSpinWait();
				Thread.yield();
			}
		}

		@Override
		public void close() {
			this.done.set(true);
			this.running.forEach(CompletableFuture::join);
			this.callers.shutdown();
			assertThat(this.failures).isEmpty();
		}

	}

	/** Authenticates the user that a header names. */
	private static final class UserFilter implements Filter {

		static final String USER = "Test-User";

		@Override
		public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
				throws IOException, ServletException {
			String user = ((HttpServletRequest) request).getHeader(USER);
			Principal principal = (user != null) ? () -> user : null;
			chain.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

				@Override
				public Principal getUserPrincipal() {
					return principal;
				}

			}, response);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		UserFilter userFilter() {
			return new UserFilter();
		}

	}

}
