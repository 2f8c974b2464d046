package dev.servicepool.spring.faults;

import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

import org.springframework.core.NestedExceptionUtils;

/**
 * Sends calls and counts their outcomes. Used by any thread.
 */
final class Calls {

	private final Callable<?> call;

	private final AtomicInteger started = new AtomicInteger();

	/** Numbers of the calls in flight. */
	private final Set<Integer> open = ConcurrentHashMap.newKeySet();

	private final LongAdder succeeded = new LongAdder();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	Calls(Callable<?> call) {
		this.call = call;
	}

	/** Send calls one after another, at most one in each interval. */
	Calls oneAfterAnother(int count, Duration interval) throws InterruptedException {
		for (int i = 0; i < count; i++) {
			long due = System.nanoTime() + interval.toNanos();
			send();
			TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
		}
		return this;
	}

	/**
	 * Send calls at a constant rate, regardless of earlier calls, and wait until all have
	 * ended.
	 * @param patience the maximum time to wait after the last call has started
	 */
	Calls atRate(int count, int perSecond, Duration patience) throws InterruptedException {
		ExecutorService callers = Executors.newCachedThreadPool();
		try {
			long start = System.nanoTime();
			for (int i = 0; i < count; i++) {
				long due = start + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
				TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
				callers.execute(this::send);
			}
			callers.shutdown();
			callers.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		finally {
			callers.shutdown();
		}
		return this;
	}

	/** Let callers send calls, each one after another, and wait until all have ended. */
	Calls byCallers(int callers, int count) throws InterruptedException {
		AtomicInteger remaining = new AtomicInteger(count);
		return byCallers(callers, () -> remaining.getAndDecrement() > 0);
	}

	/** Let callers send calls for some time, each one after another. */
	Calls byCallersFor(int callers, Duration time) throws InterruptedException {
		long end = System.nanoTime() + time.toNanos();
		return byCallers(callers, () -> System.nanoTime() - end < 0);
	}

	private Calls byCallers(int callers, BooleanSupplier more) throws InterruptedException {
		ExecutorService threads = Executors.newFixedThreadPool(callers);
		try {
			List<Callable<Object>> tasks = new ArrayList<>();
			for (int caller = 0; caller < callers; caller++) {
				tasks.add(Executors.callable(() -> {
					while (more.getAsBoolean()) {
						send();
					}
				}));
			}
			threads.invokeAll(tasks);
		}
		finally {
			threads.shutdownNow();
		}
		return this;
	}

	private void send() {
		int number = this.started.incrementAndGet();
		this.open.add(number);
		try {
			this.call.call();
			this.succeeded.increment();
		}
		catch (Exception ex) {
			this.failures.add(ex);
		}
		finally {
			this.open.remove(number);
		}
	}

	int succeeded() {
		return this.succeeded.intValue();
	}

	/** Return the number of calls that failed or have not ended. */
	int failed() {
		return this.started.get() - succeeded();
	}

	/** Return the number of calls that failed because of a read timeout. */
	int timedOut() {
		return (int) this.failures.stream()
			.filter((failure) -> NestedExceptionUtils.getMostSpecificCause(failure) instanceof HttpTimeoutException)
			.count();
	}

	/** Return the number of calls that have started. */
	int started() {
		return this.started.get();
	}

	/**
	 * Return whether calls have ended.
	 * @param first the number of calls, in the order of their start
	 */
	boolean haveEnded(int first) {
		return this.open.stream().noneMatch((number) -> number <= first);
	}

	@Override
	public String toString() {
		Map<String, Integer> reasons = new TreeMap<>();
		for (Throwable failure : this.failures) {
			Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
			String message = String.valueOf(root.getMessage()).replaceAll(":\\d{4,5}", ":PORT").replaceAll("@\\w+", "");
			reasons.merge(root.getClass().getSimpleName() + ": " + message.substring(0, Math.min(80, message.length())),
					1, Integer::sum);
		}
		int unfinished = failed() - this.failures.size();
		if (unfinished > 0) {
			reasons.put("not ended", unfinished);
		}
		return failed() + " of " + this.started + " failed " + reasons;
	}

}
