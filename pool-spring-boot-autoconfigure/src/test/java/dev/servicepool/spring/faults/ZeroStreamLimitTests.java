package dev.servicepool.spring.faults;

import java.time.Duration;
import java.util.List;

import dev.servicepool.fixtures.ScriptedHttp2Server;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a server that allows no more requests on a connection without closing it. The
 * client then refuses each request, although none is in flight.
 */
@Timeout(60)
class ZeroStreamLimitTests {

	private static final int CALLS = 5;

	@Test
	void callUsesOtherConnectionWhenFirstAllowsNoRequests() throws Exception {
		Outcome outcome = run("no more requests on the first connection", 1);
		assertThat(outcome.plain().failed()).as("precondition").isEqualTo(CALLS);
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
		assertThat(outcome.pool().totals().calls().unsent()).as("attempts before the service is replaced")
			.isLessThanOrEqualTo(10);
	}

	@Test
	void callDoesNotSpinWhenEachConnectionAllowsOneRequest() throws Exception {
		Outcome outcome = run("one request per connection", Integer.MAX_VALUE, "pool.acquire-timeout=1s");
		assertThat(outcome.pool().totals().calls().unsent()).as("refused by the client")
			.isLessThanOrEqualTo(10L * CALLS);
	}

	/** Call servers that allow one request on each of their first connections. */
	private static Outcome run(String name, int connections, String... properties) throws Exception {
		try (ScriptedHttp2Server plain = start(connections);
				ScriptedHttp2Server pooled = start(connections);
				TwoSides sides = new TwoSides(List.of(plain.uri()), List.of(pooled.uri()))) {
			return sides.with("pool.max-services=1", "spring.http.clients.read-timeout=5s")
				.with(properties)
				.run(name, (side) -> {
					side.gets("/").oneAfterAnother(1, Duration.ZERO);
					return side.gets("/").oneAfterAnother(CALLS, Duration.ofMillis(20));
				});
		}
	}

	private static ScriptedHttp2Server start(int connections) {
		return new ScriptedHttp2Server((connection, stream) -> {
			if (connection.number() <= connections) {
				connection.allow(0);
			}
			connection.ok(stream);
		});
	}

}
