package dev.servicepool.spring.faults;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
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
 * Tests for connections that the network drops silently: neither side receives an end or
 * a reset, and new connections work. The plain client never opens a new connection.
 */
@Tag("slow")
@Timeout(60)
class FrozenConnectionTests {

	/**
	 * Time between calls, which is also the read timeout. A new connection needs less,
	 * even on a busy machine.
	 */
	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final int CALLS = 8;

	@AutoClose
	private final Server server = Server.http2(100).tls(TestKeyStore.loopback()).start();

	@Test
	void serviceIsReplacedWhenConnectionFreezes() throws Exception {
		Outcome outcome = freeze("frozen, one service", 1, CALLS, INTERVAL, "pool.max-services=1");
		assertThat(outcome.plain().failed()).as("precondition").isEqualTo(CALLS);
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isLessThanOrEqualTo(2);
	}

	@Test
	void eachServiceIsReplacedWhenConnectionsFreeze() throws Exception {
		Outcome outcome = freeze("frozen, four services", 1, CALLS, INTERVAL, "pool.min-services=4",
				"pool.max-services=4");
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isLessThanOrEqualTo(5);
	}

	@Test
	void serviceOfEachTargetIsReplacedWhenAllFreeze() throws Exception {
		Outcome outcome = freeze("frozen, three targets", 3, CALLS, INTERVAL, "pool.max-services=3");
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isLessThanOrEqualTo(4);
	}

	@Test
	@Tag("measured")
	@Timeout(180)
	void serviceIsReplacedAfterTimeoutOfOneSecond() throws Exception {
		Outcome outcome = freeze("frozen, one service, 90 s", 1, 90, Duration.ofSeconds(1), "pool.max-services=1");
		assertThat(outcome.plain().failed()).as("precondition").isEqualTo(90);
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isLessThanOrEqualTo(2);
	}

	@Test
	@Tag("measured")
	@Timeout(180)
	void fourServicesAreReplacedAfterTimeoutsOfOneSecond() throws Exception {
		Outcome outcome = freeze("frozen, four services, 90 s", 1, 90, Duration.ofSeconds(1), "pool.min-services=4",
				"pool.max-services=4");
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isLessThanOrEqualTo(5);
	}

	@Test
	@Tag("measured")
	@Timeout(180)
	void threeTargetsAreReplacedAfterTimeoutsOfOneSecond() throws Exception {
		Outcome outcome = freeze("frozen, three targets, 90 s", 3, 90, Duration.ofSeconds(1), "pool.max-services=3");
		assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isLessThanOrEqualTo(4);
	}

	@Test
	@Tag("measured")
	@Timeout(120)
	void laterCallsSucceedWithoutReadTimeout() throws Exception {
		try (TwoSides sides = sides(1).with("pool.max-services=1")) {
			Outcome outcome = sides.run("frozen, no read timeout, calls after 15 s", (side) -> {
				side.connect();
				side.links().forEach(Link::freeze);
				side.gets("/").atRate(15, 1, Duration.ofSeconds(1));
				return side.gets("/").atRate(20, 5, Duration.ofSeconds(5));
			});
			assertThat(outcome.plain().failed()).as("precondition").isEqualTo(20);
			assertThat(outcome.pooled().failed()).as("%s", outcome.pooled()).isZero();
			assertThat(outcome.pool().load().inFlight()).as("permits of frozen services").isLessThanOrEqualTo(20);
		}
	}

	private Outcome freeze(String name, int targets, int calls, Duration interval, String... properties)
			throws Exception {
		try (TwoSides sides = sides(targets).with(properties)
			.with("spring.http.clients.read-timeout=" + interval.toMillis() + "ms")) {
			return sides.run(name, (side) -> {
				side.connect();
				side.links().forEach(Link::freeze);
				return side.gets("/").oneAfterAnother(calls, interval);
			});
		}
	}

	private TwoSides sides(int targets) {
		List<URI> servers = Collections.nCopies(targets, this.server.secureUri());
		return new TwoSides(servers).trusting(TestKeyStore.loopback());
	}

}
