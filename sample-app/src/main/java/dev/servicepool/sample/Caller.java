package dev.servicepool.sample;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Asks for quotes, one after the other and with a pause after each failure, until it is
 * over.
 */
final class Caller implements Runnable {

	/** As long as an answer takes, so that a failed call counts as much as another. */
	private static final Duration PAUSE = Duration.ofMillis(50);

	private final QuoteService quotes;

	private final BooleanSupplier over;

	private final CallOutcomes outcomes;

	Caller(QuoteService quotes, BooleanSupplier over, CallOutcomes outcomes) {
		this.quotes = quotes;
		this.over = over;
		this.outcomes = outcomes;
	}

	@Override
	public void run() {
		while (!this.over.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
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
