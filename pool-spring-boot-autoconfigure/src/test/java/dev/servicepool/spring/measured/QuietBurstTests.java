package dev.servicepool.spring.measured;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests bursts of calls, each after a period without traffic. The plain client sends the
 * same bursts through connections of its own. The first burst is compared separately,
 * because there is no connection before it.
 */
@Tag("measured")
@Timeout(600)
class QuietBurstTests {

	private static final int CALLS = 50;

	private static final int BURSTS = 10;

	private static final Duration QUIET = Duration.ofSeconds(15);

	/** The number of connections with 20 requests each that a burst needs. */
	private static final int CONNECTIONS = 3;

	@Test
	void callersWaitNoLongerThanWithPlainClient() throws Exception {
		TestKeyStore key = TestKeyStore.loopback();
		try (Server server = Server.http2().threads(400).tls(key).start();
				DefaultTrust trust = new DefaultTrust(key.file());
				Scenario fast = new Scenario("20 ms", server, 20, Duration.ZERO);
				Scenario slow = new Scenario("500 ms", server, 500, Duration.ZERO);
				Scenario distant = new Scenario("20 ms, round trip 20 ms", server, 20, Duration.ofMillis(10))) {
			assertThat(trust).isNotNull();
			List<Scenario> scenarios = List.of(fast, slow, distant);
			ApplicationContextRunner pooled = Applications.pooled(fast.pooled.link.uri(),
					"pool.instances.slow.targets=" + slow.pooled.link.uri(),
					"pool.instances.distant.targets=" + distant.pooled.link.uri());
			Applications.plain().run((plain) -> pooled.run((pools) -> {
				RestClient plainClient = Applications.client(plain);
				RestClient pooledClient = Applications.client(pools);
				plainClient.get().uri(server.secureUri()).retrieve().toBodilessEntity();
				for (int burst = 0; burst <= BURSTS; burst++) {
					for (Scenario scenario : scenarios) {
						scenario.burst(plainClient, pooledClient, burst % 2 == 0);
					}
					pass(QUIET);
				}
			}));
			scenarios.forEach(Scenario::check);
		}
	}

	private static void pass(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	/** Bursts to a server, with and without a pool. */
	private static final class Scenario implements AutoCloseable {

		private final String name;

		private final Side plain;

		private final Side pooled;

		Scenario(String name, Server server, int millis, Duration delay) {
			this.name = name;
			this.plain = new Side(Link.to(server.secureUri()).delay(delay), millis);
			this.pooled = new Side(Link.to(server.secureUri()).delay(delay), millis);
		}

		void burst(RestClient plain, RestClient pooled, boolean plainFirst) throws Exception {
			if (plainFirst) {
				this.plain.burst(plain);
			}
			this.pooled.burst(pooled);
			if (!plainFirst) {
				this.plain.burst(plain);
			}
		}

		void check() {
			Figures.print("burst after quiet, " + this.name, "plain %s; pooled %s", this.plain, this.pooled);
			assertThat(this.pooled.p90()).as("p90 of " + this.name).isLessThan(limit(1.1, this.plain.p90()));
			assertThat(this.pooled.slowest()).as("slowest of " + this.name)
				.isLessThan(limit(1.25, this.plain.slowest()));
			assertThat(this.pooled.first().percentile(1)).as("slowest of the first burst, " + this.name)
				.isLessThan(1.5 * this.plain.first().percentile(1));
			assertThat(this.pooled.link.opened()).as("connections").isLessThanOrEqualTo(CONNECTIONS * 3 / 2);
		}

		private static double limit(double factor, double plain) {
			return Math.max(factor * plain, plain + 10);
		}

		@Override
		public void close() {
			this.plain.link.close();
			this.pooled.link.close();
		}

	}

	/** Bursts of one client over connections of its own. */
	private static final class Side {

		private final Link link;

		private final String uri;

		private final List<Latencies> bursts = new ArrayList<>();

		Side(Link link, int millis) {
			this.link = link;
			this.uri = link.uri() + "/?millis=" + millis;
		}

		void burst(RestClient client) throws Exception {
			Queue<Latencies.Call> calls = new ConcurrentLinkedQueue<>();
			assertThat(Burst.of(CALLS, Duration.ofSeconds(20), () -> {
				long start = System.nanoTime();
				client.get().uri(this.uri).retrieve().toBodilessEntity();
				return calls.add(new Latencies.Call(start, System.nanoTime() - start, true));
			})).isEqualTo(CALLS);
			this.bursts.add(new Latencies(calls));
		}

		Latencies first() {
			return this.bursts.get(0);
		}

		double p90() {
			return median((burst) -> burst.percentile(0.9));
		}

		double slowest() {
			return median((burst) -> burst.percentile(1));
		}

		private double median(ToDoubleFunction<Latencies> figure) {
			return this.bursts.stream()
				.skip(1)
				.mapToDouble(figure)
				.sorted()
				.skip((this.bursts.size() - 1) / 2)
				.findFirst()
				.orElseThrow();
		}

		@Override
		public String toString() {
			return String.format("p90 %.0f ms, slowest %.0f ms (first burst: %.0f ms), %d connections", p90(),
					slowest(), first().percentile(1), this.link.opened());
		}

	}

}
