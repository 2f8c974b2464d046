package dev.servicepool.sample;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Asks for quotes, one after the other and with a pause after each failure, until it is
 * over. Several threads may use one caller, each with a tally of its own.
 */
final class Caller implements Callable<Tally> {

	/** As long as an answer takes, so that a failed call counts as much as another. */
	private static final Duration PAUSE = Duration.ofMillis(50);

	private final QuoteService quotes;

	private final BooleanSupplier over;

	Caller(QuoteService quotes, BooleanSupplier over) {
		this.quotes = quotes;
		this.over = over;
	}

	@Override
	public Tally call() {
		Tally tally = new Tally();
		while (!this.over.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
			long start = System.nanoTime();
			try {
				this.quotes.quote("ACME");
				tally.succeeded(System.nanoTime() - start);
			}
			catch (RuntimeException ex) {
				tally.failed(ex);
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
		return tally;
	}

}
