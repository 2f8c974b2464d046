package dev.servicepool.sample;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Caller that requests quotes one after the other, with a pause after each failure, until
 * it is ended.
 */
final class Caller implements Runnable {

	/** As long as a call, so that failed and successful calls take the same time. */
	private static final Duration PAUSE = Duration.ofMillis(50);

	private final QuoteService quotes;

	private final BooleanSupplier ended;

	private final CallOutcomes outcomes;

	Caller(QuoteService quotes, BooleanSupplier ended, CallOutcomes outcomes) {
		this.quotes = quotes;
		this.ended = ended;
		this.outcomes = outcomes;
	}

	@Override
	public void run() {
		while (!this.ended.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
			long start = System.nanoTime();
			try {
				this.quotes.quote("ACME");
				this.outcomes.succeeded(System.nanoTime() - start);
			}
			catch (RuntimeException ex) {
				this.outcomes.failed(ex);
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
	}

}
