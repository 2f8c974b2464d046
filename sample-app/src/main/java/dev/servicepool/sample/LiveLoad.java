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
 * Keeps a number of callers at work until told otherwise, each on a thread of its own and
 * with one request after the other.
 */
@Component
class LiveLoad {

	private final QuoteService quotes;

	private final ExecutorService threads = Executors.newCachedThreadPool(new CustomizableThreadFactory("live-load-"));

	private final Totals totals = new Totals();

	/** What ends each caller at work. Guarded by this. */
	private final Deque<AtomicBoolean> ends = new ArrayDeque<>();

	/** Guarded by this. */
	private boolean closed;

	LiveLoad(QuoteService quotes) {
		this.quotes = quotes;
	}

	/**
	 * Change the number of callers. Those that are too many end after their request.
	 * @param count how many there are to be; none come any more once the application
	 * closes
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
	 * Return how many callers are at work.
	 */
	synchronized int callers() {
		return this.ends.size();
	}

	/**
	 * Return how many calls were answered so far.
	 */
	long answered() {
		return this.totals.answered.sum();
	}

	/**
	 * Return how many calls failed so far.
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
	 * How many calls of all callers ended well and how many did not.
	 */
	private static final class Totals implements CallOutcomes {

		private final LongAdder answered = new LongAdder();

		private final LongAdder failed = new LongAdder();

		@Override
		public void succeeded(long nanos) {
			this.answered.increment();
		}

		@Override
		public void failed(RuntimeException cause) {
			this.failed.increment();
		}

	}

}
