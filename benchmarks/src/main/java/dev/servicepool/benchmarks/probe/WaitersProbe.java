package dev.servicepool.benchmarks.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.servicepool.benchmarks.Threads;
import dev.servicepool.benchmarks.contender.Contender;
import dev.servicepool.benchmarks.contender.Contenders;

/**
 * Measures 10,000 callers that wait for a few services.
 */
public final class WaitersProbe {

	private static final int SERVICES = 8;

	private static final int WAITERS = 10_000;

	/** Long enough for all started callers to enter the wait queue. */
	private static final int SETTLE_MILLIS = 500;

	private WaitersProbe() {
	}

	/**
	 * Run the probe.
	 * @param arguments the contender, whether this is a smoke test, and the kind of
	 * threads
	 * @throws Exception if a caller fails
	 */
	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.of(arguments);
		int waiters = probe.smoke() ? WAITERS / 100 : WAITERS;
		ExecutorService executor = Threads.valueOf(arguments[2]).executor();
		try (Contender pool = Contenders.valueOf(probe.row()).create(SERVICES)) {
			List<Object> active = new ArrayList<>();
			for (int i = 0; i < SERVICES; i++) {
				active.add(pool.acquire());
			}
			long before = Heap.used();
			CountDownLatch started = new CountDownLatch(waiters);
			List<Future<?>> results = new ArrayList<>();
			for (int i = 0; i < waiters; i++) {
				results.add(executor.submit(() -> {
					started.countDown();
					pool.release(pool.acquire());
					return null;
				}));
			}
			started.await();
			TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
			probe.figure("heap per waiter, including its thread", "B", (Heap.used() - before) / (double) waiters);
			long start = System.nanoTime();
			for (Object acquired : active) {
				pool.release(acquired);
			}
			for (Future<?> result : results) {
				result.get();
			}
			probe.figure("time until all are served", "ms", (System.nanoTime() - start) / 1e6);
		}
		executor.shutdown();
	}

}
