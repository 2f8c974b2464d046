package dev.servicepool.compatibility.matrix;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.servicepool.fixtures.ServerLimits;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Measures a pooled client beside several plain clients of the same library, which send
 * the same calls in rotation. The pooled client must do as much work as the best number
 * of plain clients.
 */
@Tag("measured")
@Timeout(600)
@ParameterizedClass(name = "{0}")
@MethodSource("pairs")
class SeveralPlainClientsTests {

	/** Calls without delay, so that the compiler has little left to do. */
	private static final int WARM_UP_CALLS = 20_000;

	@Parameter
	private Pair pair;

	@TempDir
	private Path folder;

	static Stream<Pair> pairs() {
		return Stream.concat(ServerMatrix.pairs(TestServer.GO, ClientLibrary.JDK, ClientLibrary.JETTY),
				Stream.of(new Pair(TestServer.GO, ClientLibrary.REACTOR, Protocol.HTTP_1_1)));
	}

	@ParameterizedTest
	@EnumSource(names = { "FEW_CALLERS", "MANY_CALLERS" })
	void pooledClientDoesAsMuchWorkAsBestNumberOfPlainClients(Workload workload) throws Exception {
		TestServer.GO.assumeInstalled();
		try (TestServer.Running server = TestServer.GO.start(ServerLimits.WIDE, this.folder)) {
			TwoClients.run(this.pair, server.uri(), server.uri(), (clients) -> {
				List<PlainClients> candidates = Stream.of(1, 2, 4, 8)
					.map((number) -> new PlainClients(number, clients, server.uri()))
					.toList();
				try {
					check(workload, candidates, measure(workload, candidates, clients.pooled(), server.uri()));
				}
				finally {
					candidates.forEach(PlainClients::close);
				}
			});
		}
	}

	/**
	 * Let the clients send the calls alternately.
	 * @return the rounds of the pooled client
	 */
	private static List<Round> measure(Workload workload, List<PlainClients> candidates, RestClient client, URI server)
			throws Exception {
		warmUp(workload, client, server);
		for (PlainClients plain : candidates) {
			warmUp(workload, plain.client, server);
		}
		List<Round> pooled = new ArrayList<>();
		for (int round = 0; round < Comparison.ROUNDS; round++) {
			for (PlainClients plain : candidates) {
				plain.rounds.add(Round.run(workload, plain.client, server));
			}
			pooled.add(Round.run(workload, client, server));
		}
		return pooled;
	}

	private static void warmUp(Workload workload, RestClient client, URI server) throws Exception {
		Round.run(workload.callers(), WARM_UP_CALLS, (calls) -> calls.get(100), client, server);
	}

	private void check(Workload workload, List<PlainClients> candidates, List<Round> pooled) {
		PlainClients best = candidates.stream()
			.max(Comparator.comparingDouble((plain) -> Comparison.median(plain.rounds, Round::throughput)))
			.orElseThrow();
		for (PlainClients plain : candidates) {
			Comparison comparison = comparison(workload, plain, pooled);
			System.out.printf(
					"MEASURED on Java %s, %s, %s: %s%s: %.0f, pooled %.0f calls/s (%.2f);"
							+ " %.0f, pooled %.0f us of processor time per call (%.2f)%n",
					Runtime.version().feature(), this.pair, workload, plain, (plain == best) ? " (best)" : "",
					Comparison.median(plain.rounds, Round::throughput), Comparison.median(pooled, Round::throughput),
					comparison.ratio(Round::throughput), Comparison.median(plain.rounds, Round::processorTime),
					Comparison.median(pooled, Round::processorTime), comparison.ratio(Round::processorTime));
		}
		Comparison comparison = comparison(workload, best, pooled);
		assertThat(Comparison.failed(pooled)).as("failed calls").isZero();
		assertThat(comparison.isBelow(Round::throughput, 0.97)).as("fewer calls than with %s", best).isFalse();
		assertThat(comparison.exceeds(Round::processorTime, 1.1)).as("more processor time than with %s", best)
			.isFalse();
	}

	private Comparison comparison(Workload workload, PlainClients plain, List<Round> pooled) {
		return new Comparison(workload, this.pair, plain.rounds, pooled);
	}

	/**
	 * Plain clients that send calls in rotation, and their rounds.
	 */
	private static final class PlainClients {

		private final List<ClientHttpRequestFactory> factories;

		private final RestClient client;

		private final List<Round> rounds = new ArrayList<>();

		PlainClients(int number, TwoClients clients, URI server) {
			this.factories = Stream.generate(clients.plainClients()).limit(number).toList();
			AtomicInteger next = new AtomicInteger();
			this.client = RestClient.builder()
				.baseUrl(server)
				.requestFactory((uri, method) -> this.factories.get(Math.floorMod(next.getAndIncrement(), number))
					.createRequest(uri, method))
				.build();
		}

		/** Close the clients of the libraries that Spring closes. */
		void close() {
			for (ClientHttpRequestFactory factory : this.factories) {
				if (factory instanceof DisposableBean client) {
					assertThatNoException().isThrownBy(client::destroy);
				}
			}
		}

		@Override
		public String toString() {
			return this.factories.size() + " plain";
		}

	}

}
