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
 * Chaos that comes and goes for minutes leaves neither memory nor threads nor connections
 * behind. {@code -Dchaos.time=PT1H} makes it last for an hour.
 */
@Tag("measured")
@Timeout(7200)
class ChaosSoakTests {

	private static final Duration TIME = Duration.parse(System.getProperty("chaos.time", "PT5M"));

	private static final Duration ROUND = Duration.ofSeconds(15);

	/** Threads that idle end after a minute; some of the test's own may come and go. */
	private static final int FEW_THREADS = 8;

	private static final Duration IDLE = Duration.ofSeconds(120);

	private static final double MEBIBYTE = 1024 * 1024;

	@TempDir
	private Path folder;

	@Test
	void leavesNothingBehind() throws Exception {
		long seed = Long.getLong("chaos.seed", System.nanoTime());
		try (Chaos chaos = new Chaos(this.folder, seed)) {
			Applications.plain()
				.withPropertyValues(chaos.properties())
				.withPropertyValues("pool.headroom-window=500ms", "pool.idle-timeout=2s")
				.run((context) -> soak(chaos, context, seed));
			JdkClients.awaitGone(() -> chaos.connections() == 0);
		}
	}

	private void soak(Chaos chaos, ApplicationContext context, long seed) throws Exception {
		OrdersThroughChaos orders = new OrdersThroughChaos(chaos, context, "seed " + seed);
		chaos.mend();
		orders.assertAllIsWellAgain();
		long connections = restingConnections(chaos, context);
		int threads = threads();
		orders.place(ROUND);
		orders.assertAllIsWellAgain();
		double heap = heap(chaos);
		int placed = 0;
		long start = System.nanoTime();
		while (System.nanoTime() - start < TIME.toNanos()) {
			placed += orders.place(ROUND);
			orders.assertAllIsWellAgain();
		}
		await("seed " + seed).atMost(IDLE).untilAsserted(() -> {
			assertThat(heap(chaos)).isLessThan(heap + 10);
			assertThat(restingConnections(chaos, context)).isLessThanOrEqualTo(connections);
			assertThat(threads()).isLessThanOrEqualTo(threads + FEW_THREADS);
		});
		Figures.print("chaos",
				"%d orders in %s, seed %d; before and after: heap %.1f and %.1f MiB, %d and %d threads,"
						+ " %d and %d connections at rest",
				placed, TIME, seed, heap, heap(chaos), threads, threads(), connections, chaos.connections());
	}

	/** Return how many connections there are when none is needed. */
	private static long restingConnections(Chaos chaos, ApplicationContext context) throws Exception {
		Pool<?, ?> pool = context.getBean(Pool.class);
		await().atMost(IDLE).until(() -> pool.snapshot().services().size() == Chaos.TARGETS);
		chaos.mend();
		JdkClients.awaitGone(() -> chaos.connections() <= Chaos.TARGETS);
		return chaos.connections();
	}

	private static int threads() {
		return ManagementFactory.getThreadMXBean().getThreadCount();
	}

	/** Return how many mebibytes are in use after a garbage collection. */
	private static double heap(Chaos chaos) {
		chaos.orders().forget();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEBIBYTE;
	}

}
