package dev.servicepool.sample;

import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * What one caller has seen. For use by one thread, and by others when that one is done.
 */
final class Tally implements CallOutcomes {

	private final LongStream.Builder latencies = LongStream.builder();

	private long failed;

	private @Nullable RuntimeException firstFailure;

	@Override
	public void succeeded(long nanos) {
		this.latencies.add(nanos);
	}

	@Override
	public void failed(RuntimeException cause) {
		this.failed++;
		if (this.firstFailure == null) {
			this.firstFailure = cause;
		}
	}

	/**
	 * Return the times that the answered calls took, in nanoseconds. Can be asked once.
	 */
	LongStream latencies() {
		return this.latencies.build();
	}

	/**
	 * Return how many calls failed.
	 */
	long failed() {
		return this.failed;
	}

	/**
	 * Return why the first call failed, or {@code null} if none did.
	 */
	@Nullable RuntimeException firstFailure() {
		return this.firstFailure;
	}

}
