package dev.servicepool.spring.faults;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a server that ends each connection after a number of requests, in the way of
 * nginx: it announces the last request that it processes, ignores later ones, and closes
 * the connection after the last response.
 */
@Tag("slow")
@Timeout(60)
class ConnectionLimitTests {

	private static final int LIMIT = 200;

	private static final int CALLERS = 20;

	private static final int CALLS = 3_000;

	private static final int MILLIS = 10;

	private static final int POST_LIMIT = 500;

	private static final int POSTS = 4_000;

	/**
	 * Requests after which the pool replaces a service. Until the replacement is ready,
	 * the service receives further requests.
	 */
	private static final int REPLACED = POST_LIMIT / 2;

	private final ScheduledExecutorService work = Executors.newSingleThreadScheduledExecutor();

	@AfterEach
	void stop() {
		this.work.shutdownNow();
	}

	@Test
	void noGetFailsWhenServerEndsConnections() throws Exception {
		try (ScriptedHttp2Server server = start(); TwoSides sides = new TwoSides(List.of(server.uri()))) {
			Outcome outcome = sides.with("spring.http.clients.read-timeout=5s")
				.run("GETs, connection limit", (side) -> {
					side.connect();
					return side.gets("/").byCallers(CALLERS, CALLS);
				});
			assertThat(outcome.pool().totals().ejections()).isZero();
			if (Runtime.version().feature() < 21) {
				// The client can lose a request that it begins while a connection ends.
				assertThat(outcome.pooled().timedOut()).as("%s", outcome.pooled())
					.isEqualTo(outcome.pooled().failed())
					.isLessThanOrEqualTo(CALLS / LIMIT);
				// Later clients repeat requests themselves, so that the pool cannot see a
				// lost connection. How many fewer depends on the load of the machine.
				assertThat(sides.pooledConnections()).isLessThan(sides.plainConnections());
			}
			else {
				assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			}
		}
	}

	@Test
	void postsFailAtMostAsOftenAsPlainOnes() throws Exception {
		try (ScriptedHttp2Server server = start(POST_LIMIT, 20); TwoSides sides = new TwoSides(List.of(server.uri()))) {
			Outcome outcome = sides.with("spring.http.clients.read-timeout=5s")
				.run("POSTs, connection limit", (side) -> {
					side.connect();
					return side.posts("/").byCallers(60, POSTS);
				});
			// The number depends on the requests in flight when a connection ends.
			assertThat(outcome.pooled().failed()).as("%s, plain %s", outcome.pooled(), outcome.plain())
				.isLessThanOrEqualTo(outcome.plain().failed() + CALLERS);
			assertThat(outcome.pool().totals().ejections()).isZero();
		}
	}

	@Test
	void noPostFailsWhenServiceIsReplacedBeforeLimit() throws Exception {
		try (ScriptedHttp2Server server = start(POST_LIMIT, 20); TwoSides sides = new TwoSides(List.of(server.uri()))) {
			Outcome outcome = sides.with("spring.http.clients.read-timeout=5s")
				.withPool("pool.instances.orders.max-requests-per-service=" + REPLACED)
				.run("POSTs, services replaced before the limit", (side) -> {
					side.connect();
					return side.posts("/").byCallers(60, POSTS);
				});
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			// A client opens further connections if the first one takes long. Their
			// number
			// is measured with nginx.
			assertThat(outcome.pool().totals().creations().created())
				.isLessThanOrEqualTo(POSTS * 3 / 2 / REPLACED + services(outcome.pool()));
		}
	}

	private static int services(PoolSnapshot pool) {
		return Math.max(pool.size().live(), pool.settings().maxServices());
	}

	private ScriptedHttp2Server start() {
		return start(LIMIT, MILLIS);
	}

	private ScriptedHttp2Server start(int limit, int millis) {
		Map<ScriptedHttp2Server.Connection, AtomicInteger> responses = new ConcurrentHashMap<>();
		return new ScriptedHttp2Server((connection, stream) -> {
			int number = (stream + 1) / 2;
			if (number == limit) {
				connection.goAway(stream);
			}
			if (number <= limit) {
				AtomicInteger responded = responses.computeIfAbsent(connection, (key) -> new AtomicInteger());
				this.work.schedule(() -> respond(connection, stream, responded, limit), millis, TimeUnit.MILLISECONDS);
			}
		});
	}

	private static Void respond(ScriptedHttp2Server.Connection connection, int stream, AtomicInteger responded,
			int limit) throws IOException {
		connection.ok(stream);
		if (responded.incrementAndGet() == limit) {
			connection.finish();
		}
		return null;
	}

}
