package dev.servicepool.spring.autoconfigure;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.servicepool.Pool;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Await;
import dev.servicepool.spring.JdkClients;
import dev.servicepool.spring.TargetSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The threads and the heap of a pool that prefers 20 of 500 targets, compared with those
 * of a pool that has 20 targets.
 */
@Tag("slow")
class SubsetCostTests {

	private static final int SUBSET = 20;

	private static final int TARGETS = 500;

	/** Less than 500 clients of the JDK need, which are more than 50 KiB each. */
	private static final long HEAP_TOLERANCE = 5_000_000;

	@Test
	void subsetOfManyTargetsNeedsThreadsAndHeapOfFewTargets() {
		cost(SUBSET);
		Cost few = cost(SUBSET);
		Cost many = cost(TARGETS);
		System.out.println("20 targets: " + few + ", 20 of 500 targets: " + many);
		assertThat(many.services()).isEqualTo(few.services()).isEqualTo(SUBSET);
		assertThat(many.threads()).isLessThanOrEqualTo(few.threads());
		assertThat(many.heap()).isLessThanOrEqualTo(few.heap() + HEAP_TOLERANCE);
	}

	/**
	 * Cost of a pool that is idle.
	 *
	 * @param services the number of services
	 * @param threads the number of threads of the clients
	 * @param heap the used heap, in bytes. What earlier tests left can only make it
	 * smaller from one measurement to the next
	 */
	private record Cost(int services, int threads, long heap) {
	}

	private static Cost cost(int targets) {
		Cost[] cost = new Cost[1];
		List<URI> uris = IntStream.range(0, targets)
			.mapToObj((number) -> URI.create("http://127.0." + number / 250 + "." + (number % 250 + 1) + ":8080"))
			.toList();
		Set<Thread> before = clientThreads();
		Applications.plain()
			.withBean("ordersTargets", TargetSource.class, () -> (pool) -> uris)
			.withPropertyValues("pool.instances.orders.subset=" + SUBSET, "pool.instances.orders.url=http://orders",
					"spring.http.clients.imperative.factory=jdk")
			.run((context) -> {
				Pool<?, ?> pool = context.getBean(Pool.class);
				pool.start();
				Await.await()
					.until(() -> pool.snapshot().size().ready() >= SUBSET && pool.snapshot().size().creating() == 0);
				cost[0] = new Cost(pool.snapshot().size().live(), others(before), usedHeap());
			});
		JdkClients.awaitClosed(() -> others(before) == 0);
		return cost[0];
	}

	/** Count the threads that have started since. The threads of that set may end. */
	private static int others(Set<Thread> before) {
		Set<Thread> threads = clientThreads();
		threads.removeAll(before);
		return threads.size();
	}

	private static Set<Thread> clientThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().contains("HttpClient"))
			.collect(Collectors.toSet());
	}

	private static long usedHeap() {
		ManagementFactory.getMemoryMXBean().gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
