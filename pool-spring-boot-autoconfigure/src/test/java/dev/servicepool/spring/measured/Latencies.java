package dev.servicepool.spring.measured;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * How long calls took.
 */
final class Latencies {

	/** Quickest first. */
	private final List<Call> calls;

	Latencies(Collection<Call> calls) {
		this.calls = calls.stream().sorted((one, other) -> Long.compare(one.nanos, other.nanos)).toList();
	}

	/** Return the latencies of some of the calls. */
	Latencies of(Predicate<Call> calls) {
		return new Latencies(this.calls.stream().filter(calls).toList());
	}

	int count() {
		return this.calls.size();
	}

	long failed() {
		return this.calls.stream().filter((call) -> !call.succeeded).count();
	}

	/** Return the milliseconds that a share of the calls did not exceed. */
	double percentile(double share) {
		int index = (int) Math.ceil(share * this.calls.size()) - 1;
		return this.calls.get(Math.max(0, index)).nanos / 1e6;
	}

	/** Return the share of the calls that took longer. */
	double shareOver(double millis) {
		return this.calls.stream().filter((call) -> call.nanos > millis * 1e6).count() / (double) this.calls.size();
	}

	/**
	 * One call.
	 *
	 * @param due when it was to start, in the time of the JVM
	 * @param nanos how long after that it ended
	 * @param succeeded whether it was answered
	 */
	record Call(long due, long nanos, boolean succeeded) {
	}

}
