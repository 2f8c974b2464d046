package dev.servicepool.spring.measured;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Callers that repeat a call until the loop is closed. Each caller sends its calls one
 * after another.
 */
final class ClosedLoop implements AutoCloseable {

	/**
	 * Pause of a caller after a failure, which avoids a busy loop.
	 */
	private static final Duration PAUSE = Duration.ofMillis(20);

	private final ExecutorService callers;

	private final Callable<?> call;

	private final LongAdder succeeded = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final AtomicReference<@Nullable Exception> firstFailure = new AtomicReference<>();

	private volatile boolean closed;

	ClosedLoop(int callers, Callable<?> call) {
		this.callers = Executors.newFixedThreadPool(callers);
		this.call = call;
		for (int caller = 0; caller < callers; caller++) {
			this.callers.execute(this::run);
		}
	}

	private void run() {
		while (!this.closed) {
			try {
				this.call.call();
				this.succeeded.increment();
			}
			catch (Exception ex) {
				this.failed.increment();
				this.firstFailure.compareAndSet(null, ex);
				pause(PAUSE);
			}
		}
	}

	/** Sleep for some time. */
	static void pause(Duration time) {
		try {
			TimeUnit.NANOSECONDS.sleep(time.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Wait for some time, and return the rates of calls during that time. */
	Rates during(Duration time) {
		long succeeded = this.succeeded.sum();
		long failed = this.failed.sum();
		long start = System.nanoTime();
		pause(time);
		double seconds = (System.nanoTime() - start) / 1e9;
		return new Rates((this.succeeded.sum() - succeeded) / seconds, (this.failed.sum() - failed) / seconds);
	}

	/** Return the exception of the first call that failed. */
	@Nullable Exception firstFailure() {
		return this.firstFailure.get();
	}

	@Override
	public void close() {
		this.closed = true;
		this.callers.shutdown();
		try {
			if (!this.callers.awaitTermination(5, TimeUnit.SECONDS)) {
				this.callers.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			this.callers.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Rates at which calls ended.
	 *
	 * @param succeeded the number of successful calls per second
	 * @param failed the number of failed calls per second
	 */
	record Rates(double succeeded, double failed) {
	}

}
