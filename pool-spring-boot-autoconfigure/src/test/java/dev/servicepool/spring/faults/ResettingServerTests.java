package dev.servicepool.spring.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a server that resets each connection after one response. Each client opens
 * another connection by itself. Therefore, the pool replaces no service.
 */
@Tag("slow")
@Timeout(60)
class ResettingServerTests {

	private static final int SERVICES = 4;

	private static final int CALLERS = 20;

	private final ScheduledExecutorService work = Executors.newSingleThreadScheduledExecutor();

	@AfterEach
	void stop() {
		this.work.shutdownNow();
	}

	@Test
	void resetConnectionsCauseNoStorm() throws Exception {
		run("server resets each connection, 3 s", Duration.ofSeconds(3));
	}

	@Test
	@Tag("measured")
	@Timeout(400)
	void resetConnectionsCauseNoStormForFiveMinutes() throws Exception {
		run("server resets each connection, 5 min", Duration.ofMinutes(5));
	}

	private void run(String name, Duration time) throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((connection,
				stream) -> this.work.schedule(() -> respond(connection, stream), 20, TimeUnit.MILLISECONDS));
				TwoSides sides = new TwoSides(List.of(server.uri()))) {
			sides.with("pool.min-services=" + SERVICES, "pool.max-services=" + SERVICES,
					"spring.http.clients.read-timeout=1s");
			Outcome outcome = sides.run(name, (side) -> side.gets("/").byCallersFor(CALLERS, time));
			int pooled = outcome.pooled().succeeded() + outcome.pooled().failed();
			assertThat(outcome.pool().totals().creations().attempts()).as("services created")
				.isLessThanOrEqualTo(SERVICES + time.toSeconds() / 60 + 1);
			// Each call needs a connection. The budget of second attempts, a fifth of the
			// calls and ten per second, applies to periods of ten seconds.
			int seconds = Math.max(10, (int) time.toSeconds());
			assertThat(sides.pooledConnections()).isLessThanOrEqualTo(pooled * 6 / 5 + 10 * seconds + SERVICES);
			assertThat((double) outcome.pooled().failed() / pooled)
				.as("%s, plain %s", outcome.pooled(), outcome.plain())
				.isLessThanOrEqualTo(failureRate(outcome.plain()) + 0.01);
		}
	}

	private static double failureRate(Calls calls) {
		return (double) calls.failed() / (calls.succeeded() + calls.failed());
	}

	private static Void respond(ScriptedHttp2Server.Connection connection, int stream) throws IOException {
		connection.ok(stream);
		connection.abort();
		return null;
	}

}
