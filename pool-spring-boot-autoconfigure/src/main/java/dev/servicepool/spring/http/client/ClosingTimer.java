package dev.servicepool.spring.http.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs an action if a response is not closed in time. Most responses are closed within
 * microseconds. A timer for each of them would take more processor time than the rest of
 * the request does in the pool. Therefore, one task checks all of them, and only while
 * there are any.
 * <p>
 * Time is measured in checks. If the process gets no processor time for a while, the
 * threads that read responses did not get any either.
 */
final class ClosingTimer {

	private static final Duration INTERVAL = Duration.ofMillis(10);

	/** The only instance, whose thread ends when it has nothing to do. */
	static final ClosingTimer INSTANCE = new ClosingTimer();

	private final ScheduledThreadPoolExecutor executor;

	/**
	 * The actions and the number of checks after which each is due. Changed by any
	 * thread; the thread that removes an action decides whether it was in time.
	 */
	private final Map<Runnable, Long> checksLeft = new ConcurrentHashMap<>();

	/**
	 * Whether a check is scheduled. Any thread. An action that is added during a check is
	 * seen by the end of the check, or schedules the next one.
	 */
	private final AtomicBoolean scheduled = new AtomicBoolean();

	private ClosingTimer() {
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "pool-closing");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.setKeepAliveTime(1, TimeUnit.SECONDS);
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Run an action after a time, unless {@link #stop} is called before.
	 * @param time the time, in which this process gets processor time
	 */
	void start(Runnable action, Duration time) {
		this.checksLeft.put(action, time.dividedBy(INTERVAL));
		schedule();
	}

	/**
	 * Do not run an action.
	 * @return whether this call was in time
	 */
	boolean stop(Runnable action) {
		return this.checksLeft.remove(action) != null;
	}

	private void schedule() {
		if (!this.scheduled.getAndSet(true)) {
			this.executor.schedule(this::check, INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void check() {
		this.checksLeft.forEach((action, left) -> {
			if (left > 0) {
				this.checksLeft.replace(action, left, left - 1);
			}
			else if (stop(action)) {
				action.run();
			}
		});
		this.scheduled.set(false);
		if (!this.checksLeft.isEmpty()) {
			schedule();
		}
	}

}
