package dev.servicepool.spring.measured;

import java.nio.file.Path;
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

import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * One connection of four stalls now and then: a pool avoids it, taking turns does not.
 * Both are called at the same time, each over connections of its own that stall together.
 * <p>
 * The application has eight threads. A tenth of the time a quarter of the calls in turns
 * meets the stall; these soon hold all eight, and the other calls are late with them.
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

	@TempDir
	private Path folder;

	/** When each stall began. */
	private final Queue<Long> stalls = new ConcurrentLinkedQueue<>();

	@Test
	void aPoolAvoidsAConnectionThatStalls() throws Exception {
		try (LoadServer server = LoadServer.withTomcatsDefaults(this.folder);
				DistantServer turnsWay = new DistantServer(server.uri(), Duration.ZERO);
				DistantServer pooledWay = new DistantServer(server.uri(), Duration.ZERO)) {
			Applications.plain()
				.run((plain) -> Applications
					.pooled(pooledWay.uri(), "pool.instances.orders.min-services=" + SERVICES,
							"pool.instances.orders.max-services=" + SERVICES)
					.run((pooled) -> compare(byTurns(plain), turnsWay, Applications.client(pooled), pooledWay)));
		}
	}

	private void compare(RestClient byTurns, DistantServer turnsWay, RestClient pool, DistantServer pooledWay)
			throws Exception {
		warmUp(byTurns, turnsWay);
		warmUp(pool, pooledWay);
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		ExecutorService loops = Executors.newFixedThreadPool(2);
		try {
			timer.scheduleAtFixedRate(() -> {
				this.stalls.add(System.nanoTime());
				turnsWay.stallOne(STALL);
				pooledWay.stallOne(STALL);
			}, 1000, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
			List<Future<Latencies>> latencies = loops
				.invokeAll(List.of(load(byTurns, turnsWay), load(pool, pooledWay)));
			judge(latencies.get(0).get(), latencies.get(1).get());
		}
		finally {
			timer.shutdownNow();
			loops.shutdownNow();
		}
	}

	private void judge(Latencies turns, Latencies pool) {
		Latencies turnsInStalls = turns.of(this::inStall);
		Latencies poolInStalls = pool.of(this::inStall);
		Figures.print("stalled connection",
				"pool and taking turns: over 100 ms %.2f and %.2f %% of calls; p50 %.1f and %.1f ms, p95 %.1f and %.1f,"
						+ " p99 %.1f and %.1f; of calls during a stall p95 %.1f and %.1f",
				100 * pool.shareOver(100), 100 * turns.shareOver(100), pool.percentile(0.5), turns.percentile(0.5),
				pool.percentile(0.95), turns.percentile(0.95), pool.percentile(0.99), turns.percentile(0.99),
				poolInStalls.percentile(0.95), turnsInStalls.percentile(0.95));
		assumeTrue(turns.of((call) -> !inStall(call)).percentile(0.99) < 100,
				"this machine is too busy: calls are slow though no connection stalls");
		assertThat(pool.failed() + turns.failed()).isZero();
		assertThat(pool.percentile(0.95)).isLessThanOrEqualTo(turns.percentile(0.95) / 5);
		assertThat(poolInStalls.percentile(0.95)).isLessThanOrEqualTo(turnsInStalls.percentile(0.95) / 5);
		assertThat(pool.shareOver(100)).isLessThanOrEqualTo(turns.shareOver(100) / 2);
	}

	private boolean inStall(Latencies.Call call) {
		return this.stalls.stream()
			.anyMatch((start) -> call.due() - start >= 0 && call.due() - start < STALL.toNanos());
	}

	private static OpenLoop load(RestClient client, DistantServer server) {
		return new OpenLoop(CALLERS, CALLS_PER_SECOND, TIME, call(client, server));
	}

	private static Callable<?> call(RestClient client, DistantServer server) {
		String uri = server.uri() + "/?hold=5";
		return () -> client.get().uri(uri).retrieve().toBodilessEntity();
	}

	/**
	 * Make one call after another until each client has its connection, and then some.
	 */
	private static void warmUp(RestClient client, DistantServer server) throws Exception {
		Callable<?> call = call(client, server);
		while (server.open() < SERVICES) {
			call.call();
		}
		try (ClosedLoop load = new ClosedLoop(4, call)) {
			load.during(WARM_UP);
		}
	}

	/** Return a client that sends by four clients of the JDK in turns. */
	private static RestClient byTurns(ApplicationContext context) {
		List<? extends ClientHttpRequestFactory> clients = Stream
			.generate(() -> ClientHttpRequestFactoryBuilder.jdk().build())
			.limit(SERVICES)
			.toList();
		AtomicInteger turn = new AtomicInteger();
		return context.getBean(RestClient.Builder.class)
			.requestFactory((uri, method) -> clients.get(turn.getAndIncrement() % SERVICES).createRequest(uri, method))
			.build();
	}

}
