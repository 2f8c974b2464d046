package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.FlakyLink;
import dev.servicepool.spring.Http2Server;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Orders that must not be placed twice, at a server that takes few at a time on a
 * connection, over connections that break at random.
 */
class ExactlyOnceTests {

	private static final int CALLERS = 40;

	/** How many requests the server takes at a time on a connection. */
	private static final int STREAMS = 10;

	private static final int SEED = 42;

	/** The failures of requests that nobody has worked on. */
	private static final Set<String> UNSENT = Set.of("too many concurrent streams",
			"Received RST_STREAM: Stream not processed", "request not processed by peer");

	@TempDir
	private Path folder;

	private final Orders orders = new Orders();

	private final Set<Integer> answered = ConcurrentHashMap.newKeySet();

	private final Map<Integer, Throwable> failed = new ConcurrentHashMap<>();

	private final ApplicationContextRunner runner = Applications.plain();

	@Test
	@Timeout(120)
	void aPlainClientFailsOnTheLimit() throws Exception {
		try (Http2Server server = new Http2Server(this.folder, STREAMS, this.orders)) {
			this.runner.run((context) -> {
				RestClient client = client(context.getBean(RestClient.Builder.class), server.clearUri());
				place(client, 0);
				this.orders.hold();
				placeAll(client, 1, CALLERS);
			});
			assertThat(this.failed).as("the premise of what follows").isNotEmpty();
			assertThat(this.failed.values())
				.allSatisfy((failure) -> assertThat(failure).rootCause().hasMessage("too many concurrent streams"));
		}
	}

	@Test
	@Timeout(300)
	void noOrderIsPlacedTwiceAndEachIsAnsweredOrHasFailed() throws Exception {
		placeThroughResets(10_000);
	}

	@Test
	@Tag("measured")
	@Timeout(3600)
	void noneOfAMillionOrdersIsPlacedTwice() throws Exception {
		placeThroughResets(1_000_000);
	}

	private void placeThroughResets(int total) throws Exception {
		try (Http2Server server = new Http2Server(this.folder, STREAMS, this.orders);
				FlakyLink link = new FlakyLink(server.clearUri(), 20_000, SEED)) {
			// The JDK's client for Java 17 may lose a request whose connection breaks: no
			// answer, no failure
			this.runner
				.withPropertyValues("pool.instances.orders.targets=" + link.uri(),
						"pool.instances.orders.read-timeout=15s")
				.run((context) -> {
					placeAll(client(context.getBean(RestClient.Builder.class), link.uri()), 0, total);
					assertThat(this.orders.twice).as("placed twice").isEmpty();
					assertThat(this.answered.size() + this.failed.size()).isEqualTo(total);
					assertThat(this.orders.seen).containsAll(this.answered);
					assertThat(this.failed.values()).as("that were known to be unsent")
						.noneMatch(ExactlyOnceTests::unsent);
					assertBalanced(context.getBean(Pool.class).snapshot());
					assertThat(link.resets()).as("connections reset").isGreaterThan(total / 1000);
				});
		}
	}

	private void assertBalanced(PoolSnapshot snapshot) {
		PoolSnapshot.Calls calls = snapshot.calls();
		assertThat(snapshot.inFlight()).isZero();
		assertThat(snapshot.waiting()).isZero();
		assertThat(calls.succeeded()).isEqualTo(this.answered.size());
		assertThat(calls.failed()).isEqualTo(this.failed.size());
		assertThat(calls.unsent()).as("refused for the stream limit").isPositive();
		assertThat(calls.unknown() + calls.rejected() + calls.timedOut()).isZero();
	}

	private static boolean unsent(Throwable failure) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
		return UNSENT.contains(String.valueOf(root.getMessage())) || root instanceof ConnectException;
	}

	private static RestClient client(RestClient.Builder builder, URI server) {
		return builder.baseUrl(server.toString()).build();
	}

	/** Place orders, each once, by callers that place one after the other. */
	private void placeAll(RestClient client, int from, int to) throws Exception {
		AtomicInteger next = new AtomicInteger(from);
		Callable<Void> caller = () -> {
			for (int id = next.getAndIncrement(); id < to; id = next.getAndIncrement()) {
				place(client, id);
			}
			return null;
		};
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try {
			for (Future<Void> done : callers.invokeAll(Collections.nCopies(CALLERS, caller))) {
				done.get();
			}
		}
		finally {
			callers.shutdownNow();
		}
	}

	/** Place an order. One in ten has a body as well. */
	private void place(RestClient client, int id) {
		try {
			RestClient.RequestBodySpec request = client.post().uri("/{id}", id);
			if (id % 10 == 0) {
				request.body(Integer.toString(id));
			}
			assertThat(request.retrieve().body(String.class)).isEqualTo("placed " + id);
			this.answered.add(id);
		}
		catch (RestClientException ex) {
			this.failed.put(id, ex);
			this.orders.released.countDown();
		}
	}

	/** Takes orders and knows which ones. */
	private static final class Orders extends HttpServlet {

		private static final long serialVersionUID = 1L;

		private final transient Set<Integer> seen = ConcurrentHashMap.newKeySet();

		private final transient Set<Integer> twice = ConcurrentHashMap.newKeySet();

		private transient volatile CountDownLatch released = new CountDownLatch(0);

		/** Keep all orders waiting until one has failed. */
		void hold() {
			this.released = new CountDownLatch(1);
		}

		@Override
		protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
			Integer id = Integer.valueOf(request.getRequestURI().substring(1));
			if (!this.seen.add(id)) {
				this.twice.add(id);
			}
			String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			awaitRelease();
			boolean complete = body.equals((id % 10 == 0) ? id.toString() : "");
			response.getWriter().print((complete ? "placed " : "incomplete ") + id);
		}

		private void awaitRelease() throws IOException {
			try {
				this.released.await(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new InterruptedIOException("interrupted");
			}
		}

	}

}
