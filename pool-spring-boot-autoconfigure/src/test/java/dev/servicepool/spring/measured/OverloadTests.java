package dev.servicepool.spring.measured;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

import dev.servicepool.PoolOverloadedException;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests a load of five times the capacity of the servers.
 */
@Tag("measured")
@Timeout(200)
class OverloadTests {

	private static final Duration WORK = Duration.ofMillis(100);

	private static final int SERVERS = 4;

	private static final int MAX_CONCURRENCY = 5;

	/** Capacity of the pool in calls per second. */
	private static final int CAPACITY = SERVERS * MAX_CONCURRENCY * 10;

	private static final double MEBIBYTE = 1024 * 1024;

	private final List<TroubledServer> servers = new ArrayList<>();

	private final LongAdder otherFailures = new LongAdder();

	@AfterEach
	void stopServers() {
		this.servers.forEach(TroubledServer::close);
	}

	@Test
	void rejectedCallsFailFastAndOtherCallsStayFast() throws Exception {
		for (int server = 0; server < SERVERS; server++) {
			this.servers.add(new TroubledServer(WORK));
		}
		Applications.plain()
			.withPropertyValues("pool.instances.orders.url=http://orders", "pool.instances.orders.targets=" + targets(),
					"pool.max-services=" + SERVERS, "pool.max-concurrency=" + MAX_CONCURRENCY,
					"pool.max-waiting=" + SERVERS * MAX_CONCURRENCY)
			.run((context) -> measure(Applications.client(context)));
	}

	private void measure(RestClient client) throws Exception {
		Callable<String> call = () -> client.get().uri("http://orders/").retrieve().body(String.class);
		load(CAPACITY, call, 5);
		Latencies usual = load(CAPACITY, call, 20).of(Latencies.Call::succeeded);
		double[] heap = new double[2];
		Latencies overload = load(5 * CAPACITY, call, 40, () -> {
			ClosedLoop.pause(Duration.ofSeconds(8));
			heap[0] = heap();
			ClosedLoop.pause(Duration.ofSeconds(30));
			heap[1] = heap();
			return null;
		});
		Latencies succeeded = overload.of(Latencies.Call::succeeded);
		Latencies rejected = overload.of((each) -> !each.succeeded());
		Figures.print("five times the capacity of four servers, for 40 s",
				"%d succeeded, p99 %.0f ms; at capacity p99 %.0f ms; %d rejected, p50 %.2f ms, p99 %.2f ms;"
						+ " heap after 8 and 38 s %.1f and %.1f MiB",
				succeeded.count(), succeeded.percentile(0.99), usual.percentile(0.99), rejected.count(),
				rejected.percentile(0.5), rejected.percentile(0.99), heap[0], heap[1]);
		assertThat(this.otherFailures.sum()).as("failures other than rejections by the full wait queue").isZero();
		assertThat(succeeded.percentile(0.99)).isLessThanOrEqualTo(2.5 * usual.percentile(0.99));
		assertThat(rejected.percentile(0.99)).isLessThanOrEqualTo(5);
		assertThat(heap[1] - heap[0]).as("increase of the heap in MiB, including the recorded calls").isLessThan(10);
	}

	private String targets() {
		return this.servers.stream().map((server) -> server.uri().toString()).collect(Collectors.joining(","));
	}

	private Latencies load(int perSecond, Callable<?> call, int seconds) throws Exception {
		return load(perSecond, call, seconds, () -> null);
	}

	/** Call at a constant rate, and perform an action in the meantime. */
	private Latencies load(int perSecond, Callable<?> call, int seconds, Callable<?> action) throws Exception {
		ExecutorService loop = Executors.newSingleThreadExecutor();
		try {
			Future<Latencies> calls = loop
				.submit(new OpenLoop(100, perSecond, Duration.ofSeconds(seconds), () -> countingFailures(call)));
			action.call();
			return calls.get();
		}
		finally {
			loop.shutdownNow();
		}
	}

	private Object countingFailures(Callable<?> call) throws Exception {
		try {
			return call.call();
		}
		catch (IOException | RuntimeException ex) {
			if (!(NestedExceptionUtils.getRootCause(ex) instanceof PoolOverloadedException)) {
				this.otherFailures.increment();
			}
			throw ex;
		}
	}

	private static double heap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBIBYTE;
	}

}
