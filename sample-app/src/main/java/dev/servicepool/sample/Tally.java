package dev.servicepool.sample;

import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * Outcomes of the calls of one caller. Used by the thread of the caller, and by other
 * threads after that thread has ended.
 */
final class Tally implements CallOutcomes {

	private final LongStream.Builder latencies = LongStream.builder();

	private long failed;

	private @Nullable Exception firstFailure;

	@Override
	public void succeeded(long nanos) {
		this.latencies.add(nanos);
	}

	@Override
	public void failed(Exception cause) {
		this.failed++;
		if (this.firstFailure == null) {
			this.firstFailure = cause;
		}
	}

	/**
	 * Return the durations of the calls that succeeded, in nanoseconds. Can be called
	 * only once.
	 */
	LongStream latencies() {
		return this.latencies.build();
	}

	/**
	 * Return the number of calls that failed.
	 */
	long failed() {
		return this.failed;
	}

	/**
	 * Return the exception of the first call that failed, or {@code null} if no call
	 * failed.
	 */
	@Nullable Exception firstFailure() {
		return this.firstFailure;
	}

}
