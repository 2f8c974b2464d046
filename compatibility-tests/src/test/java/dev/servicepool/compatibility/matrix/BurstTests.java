package dev.servicepool.compatibility.matrix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import dev.servicepool.fixtures.Echo;
import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests bursts of concurrent calls, when the connections may have been closed meanwhile,
 * or when there is no connection. The plain client sends the same bursts through
 * connections of its own.
 */
@Tag("measured")
@Timeout(900)
@ParameterizedClass(name = "{0}")
@MethodSource("pairs")
class BurstTests {

	private static final int CALLS = 50;

	/** The number of bursts, of which the first one is for the compiler. */
	private static final int BURSTS = 11;

	/** The default number of concurrent requests of a service. */
	private static final int PERMITS = 20;

	private static final Duration QUIET = Duration.ofSeconds(15);

	@Parameter
	private Pair pair;

	@AutoClose
	private final Server server = Server.http2().threads(400).tls(TestKeyStore.loopback()).start(new Echo());

	private final SoftAssertions assertions = new SoftAssertions();

	static Stream<Pair> pairs() {
		return Stream.of(new Pair(TestServer.TOMCAT, ClientLibrary.JDK, Protocol.HTTP_2),
				new Pair(TestServer.TOMCAT, ClientLibrary.JETTY, Protocol.HTTP_1_1),
				new Pair(TestServer.TOMCAT, ClientLibrary.JETTY, Protocol.HTTP_2));
	}

	/** Duration of each call, and distance of the server. */
	private enum Scenario {

		FAST("20 ms", 20, 0), SLOW("500 ms", 500, 0), DISTANT("20 ms, round trip 20 ms", 20, 20);

		private final String title;

		private final int millis;

		private final Duration delay;

		Scenario(String title, int millis, int roundTripMillis) {
			this.title = title;
			this.millis = millis;
			this.delay = Duration.ofMillis(roundTripMillis / 2);
		}

	}

	@Test
	void callersWaitNoLongerThanWithPlainClientAfterQuietTime() throws Exception {
		try (Bursts fast = new Bursts(Scenario.FAST);
				Bursts slow = new Bursts(Scenario.SLOW);
				Bursts distant = new Bursts(Scenario.DISTANT)) {
			run(fast, Map.of("slow", slow, "distant", distant), (clients) -> {
				for (int number = 0; number < BURSTS; number++) {
					for (Bursts bursts : List.of(fast, slow, distant)) {
						bursts.send(clients, number);
					}
					pass(QUIET);
				}
			});
			for (Bursts bursts : List.of(fast, slow, distant)) {
				print("burst after quiet time, " + bursts, "%s", bursts.figures());
				check("p90, " + bursts, bursts.pooled(Round::p90), limit(bursts.plain(Round::p90), 1.1));
				check("slowest, " + bursts, bursts.pooled(Round::slowest), limit(bursts.plain(Round::slowest), 1.25));
				check("connections, " + bursts, median(bursts.connections), maxConnections());
			}
		}
		this.assertions.assertAll();
	}

	private static double limit(double plain, double factor) {
		return Math.max(factor * plain, plain + 10);
	}

	private static void pass(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	/** Each burst begins with new applications. */
	@ParameterizedTest
	@EnumSource
	void firstCallersWaitNoLongerThanWithPlainClient(Scenario scenario) throws Exception {
		try (Bursts bursts = new Bursts(scenario)) {
			List<Double> handshakes = new ArrayList<>();
			for (int i = 0; i < BURSTS; i++) {
				int number = i;
				run(bursts, Map.of(), (clients) -> handshakes.add(call(clients.plain()) - call(clients.plain())));
				// The clients of Java 17 do not close their connections.
				bursts.pooledLink.reset();
				run(bursts, Map.of(), (clients) -> bursts.send(clients, number));
			}
			double handshake = median(handshakes);
			print("first burst, " + bursts, "%s; handshake %.0f ms", bursts.figures(), handshake);
			double plain = bursts.plain(Round::slowest);
			check("slowest", bursts.pooled(Round::slowest),
					(scenario == Scenario.SLOW) ? 1.5 * plain : plain + handshake);
			check("connections", median(bursts.connections), maxConnections());
		}
		this.assertions.assertAll();
	}

	/** Start both clients, with a pool for each server. */
	private void run(Bursts bursts, Map<String, Bursts> others, TwoClients.Action action) {
		List<String> properties = new ArrayList<>();
		others.forEach((name, other) -> {
			properties.add("pool.instances." + name + ".targets=" + other.pooledLink.uri());
			properties.add("pool.instances." + name + ".client.http-version=" + this.pair.protocol().property());
		});
		TwoClients.run(this.pair, bursts.plainLink.uri(), bursts.pooledLink.uri(), Duration.ofSeconds(20), properties,
				action);
	}

	/** Return the duration of a call in milliseconds. */
	private static double call(RestClient client) {
		long start = System.nanoTime();
		client.get().uri("/").retrieve().toBodilessEntity();
		return (System.nanoTime() - start) / 1e6;
	}

	/** Return one and a half times as many connections as a burst needs. */
	private int maxConnections() {
		int needed = (this.pair.protocol() == Protocol.HTTP_2) ? (CALLS + PERMITS - 1) / PERMITS : CALLS;
		return needed * 3 / 2;
	}

	private void check(String figure, double value, double limit) {
		this.assertions.assertThat(value).as(figure).isLessThanOrEqualTo(limit);
	}

	private void print(String scenario, String format, Object... figures) {
		System.out.println("MEASURED on Java " + Runtime.version().feature() + ", " + this.pair + ", " + scenario + ": "
				+ String.format(Locale.ROOT, format, figures));
	}

	private static double median(List<Double> values) {
		return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
	}

	/** Bursts of both clients to one server. */
	private final class Bursts implements AutoCloseable {

		private final Scenario scenario;

		private final Link plainLink;

		private final Link pooledLink;

		private final List<Round> plain = new ArrayList<>();

		private final List<Round> pooled = new ArrayList<>();

		/**
		 * The connections of the pooled client after each burst, or those that the burst
		 * has opened if these are more.
		 */
		private final List<Double> connections = new ArrayList<>();

		Bursts(Scenario scenario) {
			this.scenario = scenario;
			this.plainLink = Link.to(BurstTests.this.server.secureUri()).delay(scenario.delay);
			this.pooledLink = Link.to(BurstTests.this.server.secureUri()).delay(scenario.delay);
		}

		/** Send a burst with each client, in an order that alternates. */
		void send(TwoClients clients, int number) throws Exception {
			if (number % 2 == 0) {
				send(clients.plain(), this.plainLink, this.plain, number);
			}
			send(clients.pooled(), this.pooledLink, this.pooled, number);
			if (number % 2 != 0) {
				send(clients.plain(), this.plainLink, this.plain, number);
			}
		}

		private void send(RestClient client, Link link, List<Round> rounds, int number) throws Exception {
			int before = link.opened();
			Round round = Round.run(CALLS, CALLS, (calls) -> calls.get(100, this.scenario.millis),
					client.mutate().baseUrl(link.uri()).build(), link.uri());
			if (rounds == this.pooled) {
				assertThat(round.failed()).isZero();
				this.connections.add((double) Math.max(link.open(), link.opened() - before));
			}
			if (number > 0) {
				rounds.add(round);
			}
		}

		double plain(ToDoubleFunction<Round> figure) {
			return Comparison.median(this.plain, figure);
		}

		double pooled(ToDoubleFunction<Round> figure) {
			return Comparison.median(this.pooled, figure);
		}

		String figures() {
			return String.format(Locale.ROOT,
					"p90 plain %.0f, pooled %.0f ms; slowest plain %.0f, pooled %.0f ms; failed plain %d; "
							+ "connections of the pool %.0f",
					plain(Round::p90), pooled(Round::p90), plain(Round::slowest), pooled(Round::slowest),
					Comparison.failed(this.plain), median(this.connections));
		}

		@Override
		public void close() {
			this.plainLink.close();
			this.pooledLink.close();
		}

		@Override
		public String toString() {
			return this.scenario.title;
		}

	}

}
