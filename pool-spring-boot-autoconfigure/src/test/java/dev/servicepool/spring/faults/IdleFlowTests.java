package dev.servicepool.spring.faults;

import java.time.Duration;
import java.util.List;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.faults.TwoSides.Outcome;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a network that drops connections without traffic, as firewalls do. With rare
 * calls, each call meets a dropped connection.
 */
@Tag("slow")
@Timeout(60)
class IdleFlowTests {

	@AutoClose
	private final Server server = Server.http2(100)
		.tls(TestKeyStore.loopback())
		.idleTimeout(Duration.ofMinutes(5))
		.start();

	@Test
	void rareCallUsesFreshConnection() throws Exception {
		Outcome outcome = run("idle flows dropped, 4 calls", 4, Duration.ofMillis(1200), Duration.ofMillis(900),
				"spring.http.clients.read-timeout=1500ms");
		assertThat(outcome.plain().failed()).as("precondition").isPositive();
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
	}

	/**
	 * Since Java 21, the client itself closes connections that were idle for 30 s, so
	 * that no call of the plain client fails either.
	 */
	@Test
	@Tag("measured")
	@Timeout(720)
	void callPerMinuteUsesFreshConnection() throws Exception {
		Outcome outcome = run("flows dropped after 45 s, a call per minute", 10, Duration.ofSeconds(60),
				Duration.ofSeconds(45), "spring.http.clients.read-timeout=2s");
		if (Runtime.version().feature() < 21) {
			assertThat(outcome.plain().failed()).as("precondition").isPositive();
		}
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
	}

	private Outcome run(String name, int calls, Duration interval, Duration idle, String... properties)
			throws Exception {
		try (TwoSides sides = new TwoSides(List.of(this.server.secureUri())).trusting(TestKeyStore.loopback())
			.with(properties)
			.withPool("pool.instances.orders.max-idle-time=" + idle.toMillis() * 2 / 3 + "ms")) {
			sides.links().forEach((Link link) -> link.dropIdle(idle));
			return sides.run(name, (side) -> {
				side.connect();
				return side.gets("/").oneAfterAnother(calls, interval);
			});
		}
	}

}
