package dev.servicepool.compatibility.matrix;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.PoolSnapshot;
import org.assertj.core.api.SoftAssertions;

/**
 * A plain and a pooled client of the same library, protocol, and server. Their
 * applications differ only in the pool.
 */
final class Sides {

	private final Pair pair;

	private final SoftAssertions cells;

	private final TwoClients clients;

	private Sides(Pair pair, SoftAssertions cells, TwoClients clients) {
		this.pair = pair;
		this.cells = cells;
		this.clients = clients;
	}

	/**
	 * Start both clients, and close them after the test.
	 * @param pair the library, the protocol, and the server
	 * @param cells receives the result of each comparison
	 * @param plainUri the address that the plain client calls
	 * @param pooledUri the address that the pooled client calls
	 * @param test the test
	 */
	static void run(Pair pair, SoftAssertions cells, URI plainUri, URI pooledUri, Test test) {
		TwoClients.run(pair, plainUri, pooledUri, (clients) -> test.run(new Sides(pair, cells, clients)));
	}

	/**
	 * Start both clients with other properties, and close them after the test.
	 * @param pair the library, the protocol, and the server
	 * @param cells receives the result of each comparison
	 * @param plainUri the address that the plain client calls
	 * @param pooledUri the address that the pooled client calls
	 * @param readTimeout the read timeout of both clients
	 * @param poolProperties further properties of the pooled client
	 * @param test the test
	 */
	static void run(Pair pair, SoftAssertions cells, URI plainUri, URI pooledUri, Duration readTimeout,
			List<String> poolProperties, Test test) {
		TwoClients.run(pair, plainUri, pooledUri, readTimeout, poolProperties,
				(clients) -> test.run(new Sides(pair, cells, clients)));
	}

	/** Return the pool of the pooled client. */
	PoolSnapshot pool() {
		return this.clients.pool().snapshot();
	}

	/**
	 * Compare both clients in one cell of the matrix, and check that no pooled call
	 * fails.
	 * @param operation the name of the operation
	 * @param scenario sends the same calls through each client, both concurrently
	 */
	void compare(String operation, Scenario scenario) throws Exception {
		compare(operation, scenario, 0);
	}

	/**
	 * Compare both clients in one cell of the matrix, and check that few pooled calls
	 * fail.
	 * @param operation the name of the operation
	 * @param scenario sends the same calls through each client, both concurrently
	 * @param bound the maximum number of pooled calls that fail
	 */
	void compare(String operation, Scenario scenario, int bound) throws Exception {
		compare(operation, scenario, (plain, pooled) -> {
		}, bound);
	}

	/**
	 * Compare both clients in one cell of the matrix, and check that few pooled calls
	 * fail.
	 * @param operation the name of the operation
	 * @param scenario sends the same calls through each client, both concurrently
	 * @param disturbance runs concurrently with the scenarios
	 * @param bound the maximum number of pooled calls that fail
	 */
	void compare(String operation, Scenario scenario, Action disturbance, int bound) throws Exception {
		run(operation, scenario, disturbance,
				(plain, pooled) -> this.cells.assertThat(pooled.failed())
					.as("%s | %s: plain %s, pooled %s", this.pair, operation, plain, pooled)
					.isLessThanOrEqualTo(bound));
	}

	/**
	 * Compare both clients in one cell of the matrix, and check that pooled calls fail at
	 * most as often as plain ones. Responses that break off are not compared, because
	 * their number depends on chance with both clients.
	 * @param operation the name of the operation
	 * @param scenario sends the same calls through each client, both concurrently
	 * @param disturbance runs concurrently with the scenarios
	 */
	void compareWithPlain(String operation, Scenario scenario, Action disturbance) throws Exception {
		run(operation, scenario, disturbance,
				(plain, pooled) -> this.cells.assertThat(pooled.failed() - pooled.brokenOff())
					.as("%s | %s: plain %s, pooled %s", this.pair, operation, plain, pooled)
					.isLessThanOrEqualTo(plain.failed() - plain.brokenOff()));
	}

	private void run(String operation, Scenario scenario, Action disturbance, Action check) throws Exception {
		Calls plain = new Calls(this.clients.plain());
		Calls pooled = new Calls(this.clients.pooled());
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			Future<Void> plainEnd = CompletableFuture.runAsync(() -> send(scenario, plain), threads);
			Future<Void> pooledEnd = CompletableFuture.runAsync(() -> send(scenario, pooled), threads);
			disturbance.run(plain, pooled);
			plainEnd.get();
			pooledEnd.get();
		}
		finally {
			threads.shutdownNow();
		}
		String cell = this.pair + " | " + operation;
		System.out.println("CELL | " + Runtime.version().feature() + " | " + cell + " | " + plain + " | " + pooled);
		check.run(plain, pooled);
		this.cells.assertThat(pooled.protocols()).as(cell).allMatch(this.pair.protocol()::isCalled);
		this.cells.assertThat(plain.protocols()).as(cell).allMatch(this.pair.protocol()::isCalled);
	}

	private static void send(Scenario scenario, Calls calls) {
		try {
			scenario.send(calls);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	interface Test {

		void run(Sides sides) throws Exception;

	}

	interface Scenario {

		void send(Calls calls) throws Exception;

	}

	interface Action {

		void run(Calls plain, Calls pooled) throws Exception;

	}

}
