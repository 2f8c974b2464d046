package dev.servicepool.load;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Percentiles of recent latencies: of those that were recorded within the last 10 to 20
 * seconds. A percentile is too high by at most 3 %, and never too low.
 * <p>
 * Any thread may call these methods.
 */
public final class RecentLatencies {

	/** Result of {@link #percentile} if too few latencies were recorded. */
	public static final long UNKNOWN = -1;

	/** The number of latencies below which percentiles are unknown. */
	private static final int MIN_COUNT = 100;

	private static final long PERIOD = Duration.ofSeconds(10).toNanos();

	/** The number of buckets by which a latency can double, as a power of two. */
	private static final int PRECISION = 5;

	private static final int BUCKETS = (Long.SIZE - PRECISION) << PRECISION;

	/** The latencies of a period and of the period before it. Any thread. */
	private volatile Window window;

	/** The latencies of one period, and those of the period before. */
	private record Window(long start, AtomicIntegerArray counts, AtomicIntegerArray before) {

		static Window starting(long start, AtomicIntegerArray before) {
			return new Window(start, new AtomicIntegerArray(BUCKETS), before);
		}

		/** Return the window after the end of this one. */
		Window next(long now) {
			long passed = now - this.start;
			return (passed < 2 * PERIOD) ? starting(this.start + PERIOD, this.counts)
					: starting(now, new AtomicIntegerArray(BUCKETS));
		}

		int count(int bucket) {
			return this.counts.get(bucket) + this.before.get(bucket);
		}

	}

	/**
	 * Create an instance without latencies.
	 * @param now the time in nanoseconds
	 */
	public RecentLatencies(long now) {
		this.window = Window.starting(now, new AtomicIntegerArray(BUCKETS));
	}

	/**
	 * Record a latency.
	 * @param latency the latency in nanoseconds; negative values count as 0
	 * @param now the time in nanoseconds
	 */
	public void record(long latency, long now) {
		window(now).counts.getAndIncrement(bucket(Math.max(0, latency)));
	}

	/**
	 * Return a percentile.
	 * @param percentile the percentile, from 0 to 100
	 * @param now the time in nanoseconds
	 * @return the latency in nanoseconds that this share of the latencies does not
	 * exceed, or {@link #UNKNOWN} if fewer than 100 latencies were recorded recently
	 */
	public long percentile(double percentile, long now) {
		Window window = window(now);
		long total = 0;
		for (int bucket = 0; bucket < BUCKETS; bucket++) {
			total += window.count(bucket);
		}
		if (total < MIN_COUNT) {
			return UNKNOWN;
		}
		long rank = (long) Math.ceil(percentile / 100 * total);
		long count = 0;
		int bucket = -1;
		do {
			bucket++;
			count += window.count(bucket);
		}
		while (count < rank && bucket < BUCKETS - 1);
		return upperBound(bucket);
	}

	private Window window(long now) {
		Window window = this.window;
		return (now - window.start < PERIOD) ? window : next(now);
	}

	private synchronized Window next(long now) {
		Window window = this.window;
		if (now - window.start >= PERIOD) {
			window = window.next(now);
			this.window = window;
		}
		return window;
	}

	/**
	 * Return the bucket of a latency. The first buckets contain one value each, and each
	 * doubling of the latency has the same number of further buckets.
	 */
	private static int bucket(long latency) {
		int shift = Math.max(0, Long.SIZE - 1 - PRECISION - Long.numberOfLeadingZeros(latency));
		return (shift << PRECISION) + (int) (latency >>> shift);
	}

	/** Return the highest latency of a bucket. */
	private static long upperBound(int bucket) {
		int shift = Math.max(0, (bucket >>> PRECISION) - 1);
		long first = bucket - ((long) shift << PRECISION);
		return ((first + 1) << shift) - 1;
	}

}
