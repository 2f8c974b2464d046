package dev.servicepool.benchmarks.contender;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Power of two choices over exact counters of requests in flight, each in a cache line of
 * its own. This is the minimum cost of a load-aware selection. It does not limit
 * concurrency.
 */
final class BarePickContender implements Contender {

	/** Two cache lines, because processors fetch them in pairs. */
	private static final int LONGS_APART = 16;

	private final AtomicLongArray counters;

	private final Integer[] indexes;

	BarePickContender(int services) {
		this.counters = new AtomicLongArray((services + 1) * LONGS_APART);
		this.indexes = new Integer[services];
		for (int i = 0; i < services; i++) {
			this.indexes[i] = (i + 1) * LONGS_APART;
		}
	}

	@Override
	public Object acquire() {
		int random = ThreadLocalRandom.current().nextInt();
		int first = (random & 0xFFFF) * this.indexes.length >>> 16;
		int second = (random >>> 16) * (this.indexes.length - 1) >>> 16;
		Integer one = this.indexes[first];
		Integer other = this.indexes[(second < first) ? second : second + 1];
		Integer chosen = (this.counters.get(other) < this.counters.get(one)) ? other : one;
		this.counters.getAndIncrement(chosen);
		return chosen;
	}

	@Override
	public void release(Object acquired) {
		this.counters.getAndDecrement((Integer) acquired);
	}

	@Override
	public void close() {
	}

}
