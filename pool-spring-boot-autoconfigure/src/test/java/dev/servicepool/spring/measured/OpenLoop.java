package dev.servicepool.spring.measured;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Calls that are due at a constant rate, whether earlier ones have been answered or not,
 * made by so many callers as an application has threads. A call counts from the moment
 * when it was due: one that is late since all callers still wait for others is slow.
 */
final class OpenLoop implements Callable<Latencies> {

	private final int callers;

	private final int perSecond;

	private final Duration time;

	private final Callable<?> call;

	private final Queue<Latencies.Call> calls = new ConcurrentLinkedQueue<>();

	OpenLoop(int callers, int perSecond, Duration time, Callable<?> call) {
		this.callers = callers;
		this.perSecond = perSecond;
		this.time = time;
		this.call = call;
	}

	/** Make the calls, and return how long they took once all have ended. */
	@Override
	public Latencies call() throws InterruptedException {
		ExecutorService callers = Executors.newFixedThreadPool(this.callers);
		long start = System.nanoTime();
		long count = this.time.toSeconds() * this.perSecond;
		for (long number = 0; number < count; number++) {
			long due = start + number * TimeUnit.SECONDS.toNanos(1) / this.perSecond;
			TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
			callers.execute(() -> create(due));
		}
		callers.shutdown();
		if (!callers.awaitTermination(10, TimeUnit.SECONDS)) {
			throw new AssertionError("calls have not ended");
		}
		return new Latencies(this.calls);
	}

	private void create(long due) {
		boolean succeeded = true;
		try {
			this.call.call();
		}
		catch (Exception ex) {
			succeeded = false;
		}
		this.calls.add(new Latencies.Call(due, System.nanoTime() - due, succeeded));
	}

}
