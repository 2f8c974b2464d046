package dev.servicepool.spring.measured;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Durations of calls.
 */
final class Latencies {

	/** Calls in ascending order of their duration. */
	private final List<Call> calls;

	Latencies(Collection<Call> calls) {
		this.calls = calls.stream().sorted((one, other) -> Long.compare(one.nanos, other.nanos)).toList();
	}

	/** Return the latencies of the matching calls. */
	Latencies of(Predicate<Call> calls) {
		return new Latencies(this.calls.stream().filter(calls).toList());
	}

	int count() {
		return this.calls.size();
	}

	long failed() {
		return this.calls.stream().filter((call) -> !call.succeeded).count();
	}

	/** Return the duration that a share of the calls did not exceed, in milliseconds. */
	double percentile(double share) {
		int index = (int) Math.ceil(share * this.calls.size()) - 1;
		return this.calls.get(Math.max(0, index)).nanos / 1e6;
	}

	/** Return the share of the calls that took longer than a number of milliseconds. */
	double shareOver(double millis) {
		return this.calls.stream().filter((call) -> call.nanos > millis * 1e6).count() / (double) this.calls.size();
	}

	/**
	 * Call that has ended.
	 *
	 * @param due the time at which the call was due, from {@link System#nanoTime()}
	 * @param nanos the time from {@code due} to the end of the call, in nanoseconds
	 * @param succeeded whether the call succeeded
	 */
	record Call(long due, long nanos, boolean succeeded) {
	}

}
