package dev.servicepool.spring.measured;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests four connections of which one stalls from time to time. A pool avoids it, but
 * round-robin balancing does not. Both run concurrently with their own connections, which
 * stall simultaneously.
 * <p>
 * The application has eight threads. During a stall, which is a tenth of the time, a
 * quarter of the round-robin calls stalls. These calls soon occupy all threads, so that
 * other calls are late, too.
 */
@Tag("measured")
@Timeout(90)
class StalledConnectionTests {

	private static final int SERVICES = 4;

	private static final int CALLERS = 8;

	private static final int CALLS_PER_SECOND = 300;

	private static final Duration TIME = Duration.ofSeconds(20);

	private static final Duration WARM_UP = Duration.ofSeconds(3);

	private static final Duration STALL = Duration.ofMillis(300);

	private static final Duration PERIOD = Duration.ofSeconds(3);

	/** Start times of the stalls. Used by any thread. */
	private final Queue<Long> stalls = new ConcurrentLinkedQueue<>();

	@Test
	void poolAvoidsStalledConnection() throws Exception {
		try (Server server = Server.http2().threads(200).start();
				Link roundRobinProxy = Link.to(server.uri());
				Link pooledProxy = Link.to(server.uri())) {
			Applications.plain()
				.run((plain) -> Applications
					.pooled(pooledProxy.uri(), "pool.instances.orders.min-services=" + SERVICES,
							"pool.instances.orders.max-services=" + SERVICES)
					.run((pooled) -> compare(roundRobin(plain), roundRobinProxy, Applications.client(pooled),
							pooledProxy)));
		}
	}

	private void compare(RestClient roundRobin, Link roundRobinProxy, RestClient pool, Link pooledProxy)
			throws Exception {
		warmUp(roundRobin, roundRobinProxy);
		warmUp(pool, pooledProxy);
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		ExecutorService loops = Executors.newFixedThreadPool(2);
		try {
			timer.scheduleAtFixedRate(() -> {
				this.stalls.add(System.nanoTime());
				roundRobinProxy.stallOldest(STALL);
				pooledProxy.stallOldest(STALL);
			}, 1000, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
			List<Future<Latencies>> latencies = loops
				.invokeAll(List.of(load(roundRobin, roundRobinProxy), load(pool, pooledProxy)));
			verify(latencies.get(0).get(), latencies.get(1).get());
		}
		finally {
			timer.shutdownNow();
			loops.shutdownNow();
		}
	}

	private void verify(Latencies roundRobin, Latencies pool) {
		Latencies roundRobinInStalls = roundRobin.of(this::inStall);
		Latencies poolInStalls = pool.of(this::inStall);
		Figures.print("stalled connection",
				"pool and round robin: over 100 ms %.2f and %.2f %% of calls; p50 %.1f and %.1f ms, p95 %.1f and %.1f,"
						+ " p99 %.1f and %.1f; of calls during a stall p95 %.1f and %.1f",
				100 * pool.shareOver(100), 100 * roundRobin.shareOver(100), pool.percentile(0.5),
				roundRobin.percentile(0.5), pool.percentile(0.95), roundRobin.percentile(0.95), pool.percentile(0.99),
				roundRobin.percentile(0.99), poolInStalls.percentile(0.95), roundRobinInStalls.percentile(0.95));
		assumeTrue(roundRobin.of((call) -> !inStall(call)).percentile(0.99) < 100,
				"This machine is too busy: calls are slow without a stalled connection");
		assertThat(pool.failed() + roundRobin.failed()).isZero();
		assertThat(pool.percentile(0.95)).isLessThanOrEqualTo(roundRobin.percentile(0.95) / 5);
		assertThat(poolInStalls.percentile(0.95)).isLessThanOrEqualTo(roundRobinInStalls.percentile(0.95) / 5);
		assertThat(pool.shareOver(100)).isLessThanOrEqualTo(roundRobin.shareOver(100) / 2);
	}

	private boolean inStall(Latencies.Call call) {
		return this.stalls.stream()
			.anyMatch((start) -> call.due() - start >= 0 && call.due() - start < STALL.toNanos());
	}

	private static OpenLoop load(RestClient client, Link server) {
		return new OpenLoop(CALLERS, CALLS_PER_SECOND, TIME, call(client, server));
	}

	private static Callable<?> call(RestClient client, Link server) {
		String uri = server.uri() + "/?millis=5";
		return () -> client.get().uri(uri).retrieve().toBodilessEntity();
	}

	/**
	 * Send calls until each client has its connection, then load all connections.
	 */
	private static void warmUp(RestClient client, Link server) throws Exception {
		Callable<?> call = call(client, server);
		while (server.open() < SERVICES) {
			call.call();
		}
		try (ClosedLoop load = new ClosedLoop(4, call)) {
			load.during(WARM_UP);
		}
	}

	/** Return a client that uses four JDK clients in round-robin order. */
	private static RestClient roundRobin(ApplicationContext context) {
		List<? extends ClientHttpRequestFactory> clients = Stream
			.generate(() -> ClientHttpRequestFactoryBuilder.jdk().build())
			.limit(SERVICES)
			.toList();
		AtomicInteger next = new AtomicInteger();
		return context.getBean(RestClient.Builder.class)
			.requestFactory((uri, method) -> clients.get(next.getAndIncrement() % SERVICES).createRequest(uri, method))
			.build();
	}

}
