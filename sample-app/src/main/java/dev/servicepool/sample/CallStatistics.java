package dev.servicepool.sample;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * Statistics of the calls through one client. Rates and percentiles cover the last
 * seconds of use, so that they remain available for comparison after a load.
 */
final class CallStatistics implements CallOutcomes {

	/** Period that the rates and percentiles cover. */
	static final Duration WINDOW = Duration.ofSeconds(5);

	/** Time without a call that ends, after which the client is not in use. */
	static final Duration PAUSE = Duration.ofSeconds(2);

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final LongSupplier nanoTime;

	/** Calls of the last seconds of use, in the order of their ends. Guarded by this. */
	private final Deque<Call> calls = new ArrayDeque<>();

	/** Guarded by this. */
	private long succeeded;

	/** Guarded by this. */
	private long failed;

	/** Guarded by this. */
	private @Nullable Exception lastFailure;

	CallStatistics() {
		this(System::nanoTime);
	}

	/**
	 * Create statistics without calls.
	 * @param nanoTime the clock, in nanoseconds
	 */
	CallStatistics(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	@Override
	public synchronized void succeeded(long nanos) {
		this.succeeded++;
		add(new Call(this.nanoTime.getAsLong(), nanos, true));
	}

	@Override
	public synchronized void failed(Exception cause) {
		this.failed++;
		this.lastFailure = cause;
		add(new Call(this.nanoTime.getAsLong(), 0, false));
	}

	private void add(Call call) {
		if (!isInUse(call.end)) {
			this.calls.clear();
		}
		while (!this.calls.isEmpty() && call.end - this.calls.getFirst().end >= WINDOW.toNanos()) {
			this.calls.removeFirst();
		}
		this.calls.addLast(call);
	}

	private boolean isInUse(long now) {
		return !this.calls.isEmpty() && now - this.calls.getLast().end < PAUSE.toNanos();
	}

	/**
	 * Return a summary of the calls so far.
	 */
	synchronized CallSummary summary() {
		if (this.calls.isEmpty()) {
			return CallSummary.NONE;
		}
		long[] durations = this.calls.stream().filter(Call::success).mapToLong(Call::duration).sorted().toArray();
		return new CallSummary(isInUse(this.nanoTime.getAsLong()), this.succeeded, this.failed,
				perSecond(durations.length), perSecond(this.calls.size() - durations.length),
				percentileMillis(durations, 50), percentileMillis(durations, 99), message(this.lastFailure));
	}

	/** Return the rate of a number of calls. The shortest period is one second. */
	private long perSecond(int calls) {
		long period = Math.max(SECOND, this.calls.getLast().end - this.calls.getFirst().end);
		return Math.round((double) calls * SECOND / period);
	}

	private static @Nullable Long percentileMillis(long[] sortedNanos, int percent) {
		return (sortedNanos.length > 0) ? LoadReport.percentileMillis(sortedNanos, percent) : null;
	}

	private static @Nullable String message(@Nullable Exception failure) {
		if (failure == null) {
			return null;
		}
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		return Objects.requireNonNullElseGet(cause.getMessage(), () -> cause.getClass().getSimpleName());
	}

	/**
	 * Call that has ended.
	 *
	 * @param end the time of its end, in nanoseconds
	 * @param duration its duration in nanoseconds, 0 if it failed
	 * @param success whether it succeeded
	 */
	private record Call(long end, long duration, boolean success) {
	}

}
