package dev.servicepool.sample;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Caller that sends one request after the other, with a pause after each failure, until
 * it is ended.
 */
final class Caller implements Runnable {

	/** As long as a call, so that failed and successful calls take the same time. */
	private static final Duration PAUSE = Duration.ofMillis(50);

	private final Callable<?> request;

	private final BooleanSupplier ended;

	private final CallOutcomes outcomes;

	Caller(Callable<?> request, BooleanSupplier ended, CallOutcomes outcomes) {
		this.request = request;
		this.ended = ended;
		this.outcomes = outcomes;
	}

	@Override
	public void run() {
		while (!this.ended.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
			long start = System.nanoTime();
			try {
				this.request.call();
				this.outcomes.succeeded(System.nanoTime() - start);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (Exception ex) {
				this.outcomes.failed(ex);
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

}
