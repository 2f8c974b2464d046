package dev.servicepool.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.servicepool.PoolSnapshot;
import dev.servicepool.faults.Call.Result;

/**
 * All calls of a run. Periods are in seconds and select the calls that arrived in them.
 */
final class CallLog {

	private final List<Call> calls = new ArrayList<>();

	/** Snapshot of the pool at the end, or {@code null} if the run used no pool. */
	PoolSnapshot end;

	void add(Call call) {
		this.calls.add(call);
	}

	private Stream<Call> arrived(double from, double to) {
		return this.calls.stream().filter((call) -> call.arrived >= from && call.arrived < to);
	}

	long count(Result result, double from, double to) {
		return arrived(from, to).filter((call) -> call.result == result).count();
	}

	/** Return the number of requests that backends received for these calls. */
	long requests(double from, double to) {
		return arrived(from, to).mapToLong((call) -> call.requests).sum();
	}

	/** Return the number of calls. */
	long count(double from, double to) {
		return arrived(from, to).count();
	}

	/** Return the calls. */
	Stream<Call> calls() {
		return this.calls.stream();
	}

	double successPercent(double from, double to) {
		return 100.0 * count(Result.SUCCEEDED, from, to) / arrived(from, to).count();
	}

	/** Return the share of sent calls that these backends received, in percent. */
	double percentTo(double from, double to, int... backends) {
		List<Call> sent = arrived(from, to).filter((call) -> call.backend >= 0).toList();
		long received = sent.stream().filter((call) -> contains(backends, call.backend)).count();
		return 100.0 * received / sent.size();
	}

	private static boolean contains(int[] backends, int backend) {
		for (int each : backends) {
			if (each == backend) {
				return true;
			}
		}
		return false;
	}

	double longestWait() {
		return this.calls.stream().mapToDouble(Call::waited).max().orElseThrow();
	}

	/**
	 * Return the 99th percentile of the time of successful calls, including their waits.
	 */
	double p99(double from, double to) {
		return percentile(99, from, to);
	}

	/**
	 * Return a percentile of the time of successful calls, including their waits.
	 */
	double percentile(double percent, double from, double to) {
		double[] sorted = arrived(from, to).filter((call) -> call.result == Result.SUCCEEDED)
			.mapToDouble(Call::elapsed)
			.sorted()
			.toArray();
		return sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1];
	}

	/**
	 * Return a percentile of the time of the slowest of several calls that arrived
	 * together.
	 * @param together the number of calls that arrived together
	 */
	double percentileOfSlowest(int together, double percent, double from, double to) {
		List<Call> arrived = arrived(from, to).toList();
		double[] sorted = IntStream.range(0, arrived.size() / together)
			.mapToDouble((first) -> arrived.subList(first * together, (first + 1) * together)
				.stream()
				.mapToDouble(Call::elapsed)
				.max()
				.orElseThrow())
			.sorted()
			.toArray();
		return sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1];
	}

	int size() {
		return this.calls.size();
	}

}
