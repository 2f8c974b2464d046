package dev.servicepool.sample;

import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * Asks for quotes, one after the other, until it is over. Several threads may use one
 * caller, each with a tally of its own.
 */
final class Caller implements Callable<Tally> {

	private final QuoteClient client;

	private final BooleanSupplier over;

	Caller(QuoteClient client, BooleanSupplier over) {
		this.client = client;
		this.over = over;
	}

	@Override
	public Tally call() {
		Tally tally = new Tally();
		while (!this.over.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
			long start = System.nanoTime();
			try {
				this.client.quote("ACME");
				tally.succeeded(System.nanoTime() - start);
			}
			catch (RuntimeException ex) {
				tally.failed(ex);
			}
		}
		return tally;
	}

}
