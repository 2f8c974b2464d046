package dev.servicepool.spring.measured;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;

import dev.servicepool.Pool;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Chaos;
import dev.servicepool.spring.JdkClients;
import dev.servicepool.spring.OrdersThroughChaos;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that several minutes with and without failures leak no memory, threads, or
 * connections. Set the duration with {@code -Dchaos.time=PT1H}.
 */
@Tag("measured")
@Timeout(7200)
class ChaosSoakTests {

	private static final Duration TIME = Duration.parse(System.getProperty("chaos.time", "PT5M"));

	private static final Duration ROUND = Duration.ofSeconds(15);

	/**
	 * Tolerance, because idle threads end after a minute and the test uses additional
	 * threads.
	 */
	private static final int FEW_THREADS = 8;

	private static final Duration IDLE = Duration.ofSeconds(120);

	private static final double MEBIBYTE = 1024 * 1024;

	@TempDir
	private Path folder;

	@Test
	void chaosLeaksNoMemoryThreadsOrConnections() throws Exception {
		long seed = Long.getLong("chaos.seed", System.nanoTime());
		try (Chaos chaos = new Chaos(this.folder, seed)) {
			Applications.plain()
				.withPropertyValues(chaos.properties())
				.withPropertyValues("pool.headroom-window=500ms", "pool.idle-timeout=2s")
				.run((context) -> soak(chaos, context, seed));
			JdkClients.awaitClosed(() -> chaos.connections() == 0);
		}
	}

	private void soak(Chaos chaos, ApplicationContext context, long seed) throws Exception {
		OrdersThroughChaos orders = new OrdersThroughChaos(chaos, context, "seed " + seed);
		chaos.stopFailures();
		orders.assertRecovered();
		long connections = idleConnections(chaos, context);
		int threads = threads();
		orders.place(ROUND);
		orders.assertRecovered();
		double heap = heap(chaos);
		int placed = 0;
		long start = System.nanoTime();
		while (System.nanoTime() - start < TIME.toNanos()) {
			placed += orders.place(ROUND);
			orders.assertRecovered();
		}
		await("seed " + seed).atMost(IDLE).untilAsserted(() -> {
			assertThat(heap(chaos)).isLessThan(heap + 10);
			assertThat(idleConnections(chaos, context)).isLessThanOrEqualTo(connections);
			assertThat(threads()).isLessThanOrEqualTo(threads + FEW_THREADS);
		});
		Figures.print("chaos",
				"%d orders in %s, seed %d; before and after: heap %.1f and %.1f MiB, %d and %d threads,"
						+ " %d and %d idle connections",
				placed, TIME, seed, heap, heap(chaos), threads, threads(), connections, chaos.connections());
	}

	/** Return the number of connections without traffic. */
	private static long idleConnections(Chaos chaos, ApplicationContext context) throws Exception {
		Pool<?, ?> pool = context.getBean(Pool.class);
		await().atMost(IDLE).until(() -> pool.snapshot().services().size() == Chaos.TARGETS);
		chaos.stopFailures();
		JdkClients.awaitClosed(() -> chaos.connections() <= Chaos.TARGETS);
		return chaos.connections();
	}

	private static int threads() {
		return ManagementFactory.getThreadMXBean().getThreadCount();
	}

	/** Return the used heap after a garbage collection, in MiB. */
	private static double heap(Chaos chaos) {
		chaos.orders().forget();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBIBYTE;
	}

}
