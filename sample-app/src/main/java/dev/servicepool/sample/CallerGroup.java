package dev.servicepool.sample;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Callers that all send the same request, and whose number can be changed at any time.
 * Not thread-safe.
 */
final class CallerGroup {

	private final Executor threads;

	private final Callable<?> request;

	private final CallOutcomes outcomes;

	/** One flag for each active caller; {@code true} ends it. */
	private final Deque<AtomicBoolean> ends = new ArrayDeque<>();

	/**
	 * Create a group without callers.
	 * @param threads the executor, which runs each caller on its own thread
	 * @param request sends the request
	 * @param outcomes the callback for the outcomes of all callers
	 */
	CallerGroup(Executor threads, Callable<?> request, CallOutcomes outcomes) {
		this.threads = threads;
		this.request = request;
		this.outcomes = outcomes;
	}

	/**
	 * Set the number of callers. Surplus callers end after their current request.
	 * @param size the number of callers
	 */
	void resize(int size) {
		while (this.ends.size() > size) {
			this.ends.pop().set(true);
		}
		while (this.ends.size() < size) {
			AtomicBoolean end = new AtomicBoolean();
			this.ends.push(end);
			this.threads.execute(new Caller(this.request, end::get, this.outcomes));
		}
	}

	/**
	 * Return the number of active callers.
	 */
	int size() {
		return this.ends.size();
	}

}
