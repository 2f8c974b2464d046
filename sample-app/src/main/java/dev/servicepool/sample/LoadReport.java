package dev.servicepool.sample;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a load went.
 *
 * @param calls how many calls were made
 * @param succeeded how many of them were answered
 * @param failed how many of them were not
 * @param p50Millis the time within which half of the answered calls were done
 * @param p99Millis the time within which 99 of 100 answered calls were done
 * @param maxServices the largest size of the pool meanwhile, 0 if there is none
 */
record LoadReport(long calls, long succeeded, long failed, long p50Millis, long p99Millis, int maxServices) {

	static LoadReport of(List<Tally> tallies, int maxServices) {
		long[] latencies = tallies.stream().flatMapToLong(Tally::latencies).sorted().toArray();
		long failed = tallies.stream().mapToLong(Tally::failed).sum();
		return new LoadReport(latencies.length + failed, latencies.length, failed, percentileMillis(latencies, 50),
				percentileMillis(latencies, 99), maxServices);
	}

	/**
	 * Return the least value that at least so many percent of the values don't exceed.
	 */
	private static long percentileMillis(long[] sortedNanos, int percent) {
		if (sortedNanos.length == 0) {
			return 0;
		}
		long rank = (sortedNanos.length * (long) percent + 99) / 100;
		return TimeUnit.NANOSECONDS.toMillis(sortedNanos[(int) rank - 1]);
	}

}
