package dev.servicepool.spring.measured;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Calls that are due at a constant rate, regardless of earlier calls. The number of
 * callers corresponds to the threads of an application. The duration of a call starts
 * when the call is due, so that it includes the wait for a free caller.
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

	/** Send the calls, wait until all have ended, and return their latencies. */
	@Override
	public Latencies call() throws InterruptedException {
		ExecutorService callers = Executors.newFixedThreadPool(this.callers);
		long start = System.nanoTime();
		long count = this.time.toSeconds() * this.perSecond;
		for (long number = 0; number < count; number++) {
			long due = start + number * TimeUnit.SECONDS.toNanos(1) / this.perSecond;
			TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
			callers.execute(() -> send(due));
		}
		callers.shutdown();
		if (!callers.awaitTermination(10, TimeUnit.SECONDS)) {
			throw new AssertionError("Calls did not end within 10 s");
		}
		return new Latencies(this.calls);
	}

	private void send(long due) {
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
