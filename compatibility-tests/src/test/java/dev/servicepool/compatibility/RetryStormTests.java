package dev.servicepool.compatibility;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientsProperties;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The number of requests that reach servers while all of them fail, with each HTTP client
 * library. The pool repeats requests within its budget; the client may repeat requests
 * that failed, in addition.
 */
@Timeout(60)
@Tag("slow")
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SIMPLE")
class RetryStormTests {

	private static final int CALLERS = 8;

	private static final int CALLS_OF_CALLER = 100;

	private static final int CALLS = CALLERS * CALLS_OF_CALLER;

	@Parameter
	private ImperativeHttpClientsProperties.Factory library;

	@Test
	void errorResponsesAreRepeatedWithinBudget() throws Exception {
		Handler failing = Handler.responding(503, "");
		Storm storm;
		try (Server first = Server.http1().start(failing); Server second = Server.http1().start(failing)) {
			storm = storm(List.of(first.uri(), second.uri()), () -> first.count() + second.count());
		}
		assertThat(storm.repeatedByPool()).isBetween(1L, storm.budget());
		assertThat(storm.repeatedByClient()).as("requests that the client repeats itself").isZero();
	}

	@Test
	void lostRequestsAreRepeatedWithinBudget() throws Exception {
		Storm storm;
		try (ClosingServer first = new ClosingServer(); ClosingServer second = new ClosingServer()) {
			storm = storm(List.of(first.uri(), second.uri()), () -> first.count() + second.count());
		}
		assertThat(storm.repeatedByPool()).isBetween(1L, storm.budget());
		// A connection may end before the server has received its request.
		assertThat(storm.repeatedByClient()).as("requests that the client repeats itself")
			.isLessThanOrEqualTo(mostRepeatedByClient(CALLS + storm.repeatedByPool()));
	}

	@Test
	void clientRepeatsOneLostRequestAsDocumented() throws Exception {
		try (ClosingServer server = new ClosingServer()) {
			runner().withPropertyValues("pool.enabled=false").run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class).baseUrl(server.uri()).build();
				assertThat(isSuccessful(client)).isFalse();
			});
			assertThat(server.count()).isEqualTo(1 + mostRepeatedByClient(1));
		}
	}

	/** Return the highest number of requests that the client repeats itself. */
	private long mostRepeatedByClient(long requests) {
		return switch (this.library) {
			case HTTP_COMPONENTS, JDK -> requests;
			default -> 0;
		};
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.imperative.factory=" + this.library);
	}

	/**
	 * Let all servers of a pool fail.
	 * @param servers the servers
	 * @param received returns the number of requests that the servers have received
	 */
	private Storm storm(List<URI> servers, LongSupplier received) {
		AtomicReference<Storm> storm = new AtomicReference<>();
		runner()
			.withPropertyValues("pool.retry.statuses=503", "pool.instances.orders.url=http://orders",
					"pool.instances.orders.targets=" + servers.get(0) + "," + servers.get(1))
			.run((context) -> {
				long start = System.nanoTime();
				call(context.getBean(RestClient.Builder.class).baseUrl("http://orders").build());
				long repeated = context.getBean(Pool.class).snapshot().totals().retries().attempts();
				storm.set(new Storm(repeated, received.getAsLong() - CALLS - repeated,
						Duration.ofNanos(System.nanoTime() - start).toSeconds()));
			});
		System.out.printf("STORM | %s | %s%n", this.library, storm.get());
		return storm.get();
	}

	private static void call(RestClient client) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
		try {
			Callable<Void> caller = () -> {
				for (int call = 0; call < CALLS_OF_CALLER; call++) {
					assertThat(isSuccessful(client)).isFalse();
				}
				return null;
			};
			for (Future<Void> end : threads.invokeAll(Collections.nCopies(CALLERS, caller))) {
				end.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static boolean isSuccessful(RestClient client) {
		try {
			client.get().uri("/").retrieve().toBodilessEntity();
			return true;
		}
		catch (RestClientException ex) {
			return false;
		}
	}

	/**
	 * Requests in addition to the first one of each call.
	 *
	 * @param repeatedByPool the requests that the pool sent again
	 * @param repeatedByClient the requests that the client sent again
	 * @param seconds the duration of all calls
	 */
	private record Storm(long repeatedByPool, long repeatedByClient, long seconds) {

		/** Return 20 % of the calls, and 10 per second. */
		long budget() {
			return CALLS * 2 / 10 + 10 * (10 + this.seconds);
		}

	}

	/** Server that closes each connection as soon as it has received a request. */
	private static final class ClosingServer implements AutoCloseable {

		private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private final AtomicLong count = new AtomicLong();

		private final Thread thread = new Thread(this::run, "closing-server");

		ClosingServer() throws IOException {
			this.thread.start();
		}

		URI uri() {
			return URI.create("http://127.0.0.1:" + this.socket.getLocalPort());
		}

		long count() {
			return this.count.get();
		}

		private void run() {
			try {
				while (true) {
					receive();
				}
			}
			catch (IOException ex) {
				assertThat(this.socket.isClosed()).as("closed by the test").isTrue();
			}
		}

		/** Receive requests one after another, because they arrive without a delay. */
		private void receive() throws IOException {
			try (Socket connection = this.socket.accept()) {
				BufferedReader reader = new BufferedReader(
						new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
				String line = reader.readLine();
				while (line != null && !line.isEmpty()) {
					line = reader.readLine();
				}
				if (line != null) {
					this.count.incrementAndGet();
				}
			}
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
