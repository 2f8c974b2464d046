package dev.servicepool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Scheduler that runs tasks after a delay. A pool schedules only a few tasks, none more
 * than one minute ahead.
 */
@FunctionalInterface
public interface Scheduler {

	/**
	 * Run a task once after a delay. The pool's tasks are short and do not block.
	 * @param task the task
	 * @param delayNanos the minimum delay in nanoseconds, at least 0
	 */
	void schedule(Runnable task, long delayNanos);

	/**
	 * Return a scheduler that uses the JDK's timer for {@link CompletableFuture}. All
	 * pools share this timer.
	 * @return a scheduler that starts no threads of its own
	 */
	static Scheduler shared() {
		return (task, delayNanos) -> CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS, Runnable::run)
			.execute(task);
	}

}
