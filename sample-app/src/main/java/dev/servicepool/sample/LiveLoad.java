package dev.servicepool.sample;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Load of the live page: callers whose number can be changed at any time. Each caller
 * runs on its own thread and sends one request after the other.
 */
@Component
class LiveLoad {

	private final QuoteService quotes;

	private final ExecutorService threads = Executors.newCachedThreadPool(new CustomizableThreadFactory("live-load-"));

	private final Totals totals = new Totals();

	/** One flag for each active caller; {@code true} ends it. Guarded by this. */
	private final Deque<AtomicBoolean> ends = new ArrayDeque<>();

	/** Guarded by this. */
	private boolean closed;

	LiveLoad(QuoteService quotes) {
		this.quotes = quotes;
	}

	/**
	 * Set the number of callers. Surplus callers end after their current request. Once
	 * the application closes, no callers are added.
	 * @param count the number of callers
	 */
	synchronized void callers(int count) {
		while (this.ends.size() > count) {
			this.ends.pop().set(true);
		}
		while (this.ends.size() < count && !this.closed) {
			AtomicBoolean end = new AtomicBoolean();
			this.ends.push(end);
			this.threads.execute(new Caller(this.quotes, end::get, this.totals));
		}
	}

	/**
	 * Return the number of active callers.
	 */
	synchronized int callers() {
		return this.ends.size();
	}

	/**
	 * Return the number of calls that succeeded so far.
	 */
	long succeeded() {
		return this.totals.succeeded.sum();
	}

	/**
	 * Return the number of calls that failed so far.
	 */
	long failed() {
		return this.totals.failed.sum();
	}

	@EventListener(ContextClosedEvent.class)
	synchronized void close() {
		this.closed = true;
		callers(0);
		this.threads.shutdown();
	}

	/**
	 * Number of calls of all callers, by outcome.
	 */
	private static final class Totals implements CallOutcomes {

		private final LongAdder succeeded = new LongAdder();

		private final LongAdder failed = new LongAdder();

		@Override
		public void succeeded(long nanos) {
			this.succeeded.increment();
		}

		@Override
		public void failed(RuntimeException cause) {
			this.failed.increment();
		}

	}

}
