package dev.servicepool.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.servicepool.PoolSnapshot;
import dev.servicepool.faults.Call.Result;

/**
 * All calls of a run. Periods are those in which calls arrived, in seconds.
 */
final class CallLog {

	private final List<Call> calls = new ArrayList<>();

	/** How the pool is in the end; {@code null} if there is none. */
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

	double successPercent(double from, double to) {
		return 100.0 * count(Result.SUCCEEDED, from, to) / arrived(from, to).count();
	}

	/** The share of calls that were sent to some of the backends. */
	double percentTo(double from, double to, int... backends) {
		List<Call> sent = arrived(from, to).filter((call) -> call.backend >= 0).toList();
		long there = sent.stream().filter((call) -> contains(backends, call.backend)).count();
		return 100.0 * there / sent.size();
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
	 * The time that 99 % of the calls that succeeded have not exceeded, waits included.
	 */
	double p99(double from, double to) {
		return percentile(99, from, to);
	}

	/**
	 * The time that so many percent of the calls that succeeded have not exceeded, waits
	 * included.
	 */
	double percentile(double percent, double from, double to) {
		double[] sorted = arrived(from, to).filter((call) -> call.result == Result.SUCCEEDED)
			.mapToDouble(Call::elapsed)
			.sorted()
			.toArray();
		return sorted[(int) Math.ceil(percent / 100 * sorted.length) - 1];
	}

	int size() {
		return this.calls.size();
	}

}
