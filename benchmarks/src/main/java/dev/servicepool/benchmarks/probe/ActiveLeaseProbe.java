package dev.servicepool.benchmarks.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.servicepool.benchmarks.Threads;
import dev.servicepool.benchmarks.contender.Contender;
import dev.servicepool.benchmarks.contender.Contenders;

/**
 * Measures the throughput and the wait times of many callers. Each lease is active for
 * one millisecond.
 */
public final class ActiveLeaseProbe {

	private static final int SERVICES = 8;

	private static final int CALLERS = 64;

	private static final long LEASE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final Contender pool;

	private final long from;

	private final long to;

	private ActiveLeaseProbe(Contender pool, long warmUpNanos, long nanos) {
		this.pool = pool;
		this.from = System.nanoTime() + warmUpNanos;
		this.to = this.from + nanos;
	}

	/**
	 * Run the probe.
	 * @param arguments the contender, whether this is a smoke test, and the kind of
	 * threads
	 * @throws Exception if a caller fails
	 */
	public static void main(String[] arguments) throws Exception {
		Probe probe = Probe.of(arguments);
		ExecutorService executor = Threads.valueOf(arguments[2]).executor();
		long nanos = TimeUnit.MILLISECONDS.toNanos(probe.smoke() ? 50 : 2000);
		LongSummaryStatistics waits = new LongSummaryStatistics();
		try (Contender pool = Contenders.valueOf(probe.row()).create(SERVICES)) {
			ActiveLeaseProbe run = new ActiveLeaseProbe(pool, nanos, nanos);
			List<Callable<LongSummaryStatistics>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(run::call);
			}
			for (Future<LongSummaryStatistics> result : executor.invokeAll(callers)) {
				waits.combine(result.get());
			}
		}
		executor.shutdown();
		probe.figure("throughput", "ops/s", waits.getCount() * 1e9 / nanos);
		probe.figure("mean wait", "ms", waits.getAverage() / 1e6);
		probe.figure("longest wait", "ms", waits.getMax() / 1e6);
		probe.figure("longest wait as a multiple of the mean", "", waits.getMax() / waits.getAverage());
	}

	private LongSummaryStatistics call() throws Exception {
		LongSummaryStatistics waits = new LongSummaryStatistics();
		for (long startedAt = System.nanoTime(); startedAt < this.to; startedAt = System.nanoTime()) {
			Object acquired = this.pool.acquire();
			long acquiredAt = System.nanoTime();
			for (long remaining = LEASE_NANOS; remaining > 0; remaining = acquiredAt + LEASE_NANOS
					- System.nanoTime()) {
				LockSupport.parkNanos(remaining);
			}
			this.pool.release(acquired);
			if (acquiredAt >= this.from && acquiredAt < this.to) {
				waits.accept(acquiredAt - startedAt);
			}
		}
		return waits;
	}

}
