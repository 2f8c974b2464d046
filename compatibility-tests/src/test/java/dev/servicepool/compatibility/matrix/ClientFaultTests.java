package dev.servicepool.compatibility.matrix;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.ServerLimits;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * Tests with faults of networks and servers for each HTTP client library. A plain client
 * of the same library meets the same faults. The JDK's client has tests of its own.
 */
@Tag("slow")
@Timeout(120)
@ParameterizedClass(name = "{0}")
@MethodSource("pairs")
class ClientFaultTests {

	private static final int SIZE = 100;

	/** Requests after which the server ends a connection. */
	private static final int LIMIT = 200;

	private static final int SERVERS = 4;

	/** More connections than a client tries by itself for one request. */
	private static final int MANY_CONNECTIONS = 10;

	/** Address of the pool with several servers. */
	private static final URI URL = URI.create("https://orders.test");

	@Parameter
	private Pair pair;

	@TempDir
	private Path folder;

	private final SoftAssertions cells = new SoftAssertions();

	static Stream<Pair> pairs() {
		return ServerMatrix.pairs(TestServer.NGINX, ClientLibrary.JETTY, ClientLibrary.APACHE, ClientLibrary.REACTOR);
	}

	@AfterEach
	void verify() {
		this.cells.assertAll();
	}

	@Test
	void noGetFailsWhenServerEndsConnections() throws Exception {
		endConnections(20, 3_000);
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void noGetOfManyFailsWhenServerEndsConnections() throws Exception {
		endConnections(60, 100_000);
	}

	/** The server announces the end of each connection and closes it. */
	private void endConnections(int callers, int calls) throws Exception {
		TestServer.NGINX.assumeInstalled();
		ServerLimits limits = new ServerLimits(Duration.ofMinutes(1), null, LIMIT);
		try (TestServer.Running server = TestServer.NGINX.start(limits, this.folder)) {
			Sides.run(this.pair, this.cells, server.uri(), server.uri(), (sides) -> {
				sides.compare("connections end after " + LIMIT + " of " + calls + " GETs",
						(client) -> client.repeat(callers, () -> client.get(SIZE, 5), () -> client.count() >= calls));
				assertThat(sides.pool().totals().ejections()).isZero();
				if (this.pair.library().tellsProtocol()) {
					assertThat(sides.pool().services())
						.extracting((service) -> service.details().getOrDefault("protocol", ""))
						.anyMatch(this.pair.protocol()::isCalled);
				}
			});
		}
	}

	@Test
	void serviceIsReplacedWhenConnectionFreezes() throws Exception {
		freeze(1, 1, 5);
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void serviceIsReplacedForGoodWhenConnectionFreezes() throws Exception {
		freeze(1, 1, 90);
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void eachServiceIsReplacedWhenConnectionsFreeze() throws Exception {
		freeze(1, SERVERS, 90);
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void serviceOfEachTargetIsReplacedWhenAllFreeze() throws Exception {
		freeze(3, 3, 90);
	}

	/**
	 * The network drops the open connections silently, and new connections work. Each
	 * service may lose one call, and one more call may fail.
	 */
	private void freeze(int targets, int services, int calls) throws Exception {
		Duration interval = Duration.ofSeconds(1);
		try (TestServer.Running server = tomcat();
				Link plain = Link.to(server.uri());
				Targets pooled = new Targets(server, targets)) {
			Sides.run(this.pair, this.cells, plain.uri(), URL, interval,
					pooled.properties("pool.min-services=" + services, "pool.max-services=" + services), (sides) -> {
						await().until(() -> sides.pool().size().ready() == services);
						sides.compare("before the connections freeze",
								(client) -> client.repeat(services, () -> client.get(SIZE), () -> client.count() > 20));
						plain.freeze();
						pooled.links().forEach(Link::freeze);
						sides.compare(
								String.format("%d frozen services of %d targets, %d GETs", services, targets, calls),
								(client) -> client.times(calls, () -> getOnceIn(interval, client)), services + 1);
					});
		}
	}

	/**
	 * The server resets all idle connections when they are used. Reactor Netty has no
	 * function that closes them before.
	 */
	@Test
	void secondAttemptUsesNewConnection() throws Exception {
		assumeFalse(this.pair.library() == ClientLibrary.REACTOR);
		try (TestServer.Running server = tomcat();
				Link plain = Link.to(server.uri());
				Link pooled = Link.to(server.uri())) {
			Sides.run(this.pair, this.cells, plain.uri(), pooled.uri(), Duration.ofSeconds(5),
					List.of("pool.max-services=1"), (sides) -> {
						sides.compare("before the reset",
								(client) -> client.repeat(20, () -> client.get(SIZE, 50), () -> client.count() >= 60));
						assertThat(pooled.open())
							.isGreaterThanOrEqualTo((this.pair.protocol() == Protocol.HTTP_1_1) ? MANY_CONNECTIONS : 1);
						plain.resetWhenUsed();
						pooled.resetWhenUsed();
						sides.compare("idle connections reset", (client) -> client.times(10, () -> client.get(SIZE)));
					});
		}
	}

	@Test
	void rareCallUsesFreshConnection() throws Exception {
		dropIdle(3, Duration.ofMillis(1200), Duration.ofMillis(900));
	}

	@Test
	@Tag("measured")
	@Timeout(720)
	void callPerMinuteUsesFreshConnection() throws Exception {
		dropIdle(5, Duration.ofSeconds(60), Duration.ofSeconds(45));
	}

	/** The network drops connections that were idle for some time. */
	private void dropIdle(int calls, Duration interval, Duration idle) throws Exception {
		try (TestServer.Running server = tomcat();
				Link plain = Link.to(server.uri()).dropIdle(idle);
				Link pooled = Link.to(server.uri()).dropIdle(idle)) {
			Sides.run(this.pair, this.cells, plain.uri(), pooled.uri(), Duration.ofMillis(1500),
					List.of("pool.instances.orders.max-idle-time=" + idle.toMillis() * 2 / 3 + "ms"), (sides) -> {
						connect(sides);
						sides.compare("idle connections dropped, " + calls + " GETs",
								(client) -> client.times(calls, () -> getOnceIn(interval, client)));
					});
		}
	}

	@Test
	void noGetFailsWhenServersAreKilled() throws Exception {
		killServers(2 * SERVERS);
	}

	@Test
	@Tag("measured")
	@Timeout(300)
	void noGetOfManyFailsWhenServersAreKilled() throws Exception {
		killServers(50 * SERVERS);
	}

	/**
	 * One server after another resets its connections, and refuses new ones for a time.
	 * The server of the plain client refuses none.
	 */
	private void killServers(int kills) throws Exception {
		try (TestServer.Running server = tomcat();
				Link plain = Link.to(server.uri());
				Targets pooled = new Targets(server, SERVERS)) {
			AtomicBoolean end = new AtomicBoolean();
			Sides.run(this.pair, this.cells, plain.uri(), URL, Duration.ofSeconds(5), pooled.properties(), (sides) -> {
				await().until(() -> sides.pool().size().ready() == SERVERS);
				sides.compare(kills + " servers killed",
						(client) -> client.repeat(8, () -> client.get(SIZE, 5), end::get),
						(plainCalls, pooledCalls) -> {
							try {
								for (int i = 0; i < kills; i++) {
									awaitCalls(pooledCalls);
									plain.reset();
									kill(pooled.links().get(i % SERVERS), pooledCalls);
								}
							}
							finally {
								end.set(true);
							}
						}, 0);
			});
		}
	}

	/** Open connections, and let the JVM load all classes. */
	private static void connect(Sides sides) throws Exception {
		sides.compare("before the fault", (client) -> client.times(5, () -> client.get(SIZE)), 5);
	}

	private static void kill(Link server, Calls calls) {
		server.refuse();
		server.reset();
		awaitCalls(calls);
		server.accept();
	}

	/** Wait until the calls in flight have ended, and the client has sent many more. */
	private static void awaitCalls(Calls calls) {
		int expected = calls.count() + 100;
		await().atMost(Duration.ofSeconds(30)).until(() -> calls.count() >= expected);
	}

	/** Send a call, and wait until the next one is due. */
	private static void getOnceIn(Duration interval, Calls client) {
		long due = System.nanoTime() + interval.toNanos();
		client.get(SIZE);
		LockSupport.parkNanos(due - System.nanoTime());
	}

	private TestServer.Running tomcat() throws Exception {
		return TestServer.TOMCAT.start(ServerLimits.WIDE, this.folder);
	}

	/**
	 * Targets of a pool, which are links to the same server.
	 *
	 * @param links the links
	 */
	private record Targets(List<Link> links) implements AutoCloseable {

		Targets(TestServer.Running server, int count) {
			this(Stream.generate(() -> Link.to(server.uri())).limit(count).toList());
		}

		List<String> properties(String... others) {
			String addresses = this.links.stream()
				.map((link) -> link.uri().toString())
				.collect(Collectors.joining(","));
			return Stream.concat(Stream.of("pool.instances.orders.targets=" + addresses,
					"pool.instances.orders.url=" + URL, "pool.instances.orders.server-name=target"), Stream.of(others))
				.toList();
		}

		@Override
		public void close() {
			this.links.forEach(Link::close);
		}

	}

}
