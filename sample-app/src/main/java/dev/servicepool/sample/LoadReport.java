package dev.servicepool.sample;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Report on a load.
 *
 * @param calls the number of calls
 * @param succeeded the number of calls that succeeded
 * @param failed the number of calls that failed
 * @param p50Millis the 50th percentile of the durations of the calls that succeeded, in
 * milliseconds
 * @param p99Millis the 99th percentile of these durations, in milliseconds
 * @param maxServices the largest size of the pool during the load, 0 if there is no pool
 */
record LoadReport(long calls, long succeeded, long failed, long p50Millis, long p99Millis, int maxServices) {

	static LoadReport of(List<Tally> tallies, int maxServices) {
		long[] latencies = tallies.stream().flatMapToLong(Tally::latencies).sorted().toArray();
		long failed = tallies.stream().mapToLong(Tally::failed).sum();
		return new LoadReport(latencies.length + failed, latencies.length, failed, percentileMillis(latencies, 50),
				percentileMillis(latencies, 99), maxServices);
	}

	/**
	 * Return the smallest value that at least {@code percent} percent of the values do
	 * not exceed, in milliseconds.
	 */
	static long percentileMillis(long[] sortedNanos, int percent) {
		if (sortedNanos.length == 0) {
			return 0;
		}
		long rank = (sortedNanos.length * (long) percent + 99) / 100;
		return TimeUnit.NANOSECONDS.toMillis(sortedNanos[(int) rank - 1]);
	}

}
