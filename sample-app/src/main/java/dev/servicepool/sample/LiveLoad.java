package dev.servicepool.sample;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.servicepool.Pool;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Load of the live page: callers that request quotes, and callers that request forecasts.
 * Their numbers can be changed at any time. Each caller runs on its own thread and sends
 * one request after the other. Once the application closes, no callers are added.
 */
@Component
class LiveLoad {

	private final ExecutorService threads = Executors.newCachedThreadPool(new CustomizableThreadFactory("live-load-"));

	/** Callers of the client that {@code application.yml} configures. Guarded by this. */
	private final CallerGroup configured;

	/** Guarded by this. */
	private final CallerGroup plain;

	/** Guarded by this. */
	private final CallerGroup forecasts;

	/** Guarded by this. */
	private boolean pooling = true;

	/** Guarded by this. */
	private boolean closed;

	LiveLoad(QuoteService quotes, PlainQuoteClient plain, Pool<Quote, Forecast> forecasts, LiveStatistics statistics) {
		Quote quote = new Quote("ACME", new BigDecimal("100.00"), Instant.now());
		this.configured = new CallerGroup(this.threads, () -> quotes.quote("ACME"), statistics.ofConfiguredClient());
		this.plain = new CallerGroup(this.threads, () -> plain.quotes().quote("ACME"), statistics.withoutPool());
		this.forecasts = new CallerGroup(this.threads, () -> forecasts.call(quote), statistics.forecasts());
	}

	/**
	 * Set the number of callers that request quotes.
	 * @param count the number of callers
	 */
	synchronized void callers(int count) {
		resize(this.pooling ? this.configured : this.plain, count);
	}

	/**
	 * Return the number of active callers that request quotes.
	 */
	synchronized int callers() {
		return this.configured.size() + this.plain.size();
	}

	/**
	 * Set whether the callers that request quotes use the pool. Otherwise, they use a
	 * plain client.
	 * @param pooling whether they use the pool
	 */
	synchronized void pooling(boolean pooling) {
		int count = callers();
		callers(0);
		this.pooling = pooling;
		callers(count);
	}

	/**
	 * Return whether the callers that request quotes use the pool.
	 */
	synchronized boolean isPooling() {
		return this.pooling;
	}

	/**
	 * Set the number of callers that request forecasts.
	 * @param count the number of callers
	 */
	synchronized void forecastCallers(int count) {
		resize(this.forecasts, count);
	}

	/**
	 * Return the number of active callers that request forecasts.
	 */
	synchronized int forecastCallers() {
		return this.forecasts.size();
	}

	private void resize(CallerGroup group, int count) {
		if (!this.closed) {
			group.resize(count);
		}
	}

	@EventListener(ContextClosedEvent.class)
	synchronized void close() {
		callers(0);
		forecastCallers(0);
		this.closed = true;
		this.threads.shutdown();
	}

}
