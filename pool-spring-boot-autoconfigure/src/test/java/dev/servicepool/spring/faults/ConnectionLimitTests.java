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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a server that ends each connection after a number of requests, in the way of
 * nginx: it announces the last request that it processes, ignores later ones, and closes
 * the connection after the last response.
 */
@Timeout(60)
class ConnectionLimitTests {

	private static final int LIMIT = 100;

	private static final int CALLERS = 20;

	private static final int CALLS = 3_000;

	private static final int MILLIS = 5;

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
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			assertThat(outcome.pool().totals().ejections()).isZero();
			if (Runtime.version().feature() < 21) {
				// Later clients repeat requests themselves, so that the pool cannot see a
				// lost connection.
				assertThat(sides.pooledConnections()).isLessThanOrEqualTo(CALLS * 2 / LIMIT + services(outcome.pool()));
			}
		}
	}

	@Test
	void postsFailAtMostAsOftenAsPlainOnes() throws Exception {
		try (ScriptedHttp2Server server = start(1_000, 20); TwoSides sides = new TwoSides(List.of(server.uri()))) {
			Outcome outcome = sides.with("spring.http.clients.read-timeout=5s")
				.run("POSTs, connection limit", (side) -> {
					side.connect();
					return side.posts("/").byCallers(60, 8_000);
				});
			// The number depends on the requests in flight when a connection ends.
			assertThat(outcome.pooled().failed()).as("%s, plain %s", outcome.pooled(), outcome.plain())
				.isLessThanOrEqualTo(outcome.plain().failed() + CALLERS);
			assertThat(outcome.pool().totals().ejections()).isZero();
		}
	}

	@Test
	void noPostFailsWhenServiceIsReplacedBeforeLimit() throws Exception {
		try (ScriptedHttp2Server server = start(1_000, 20); TwoSides sides = new TwoSides(List.of(server.uri()))) {
			Outcome outcome = sides.with("spring.http.clients.read-timeout=5s")
				.withPool("pool.instances.orders.max-requests-per-service=900")
				.run("POSTs, services replaced before the limit", (side) -> {
					side.connect();
					return side.posts("/").byCallers(60, 8_000);
				});
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			assertThat(sides.pooledConnections()).isLessThanOrEqualTo(8_000 * 3 / 2 / 900 + services(outcome.pool()));
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
