package dev.servicepool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs a task later. A pool has a few tasks scheduled at a time, none for more than a
 * minute ahead.
 */
@FunctionalInterface
public interface Scheduler {

	/**
	 * Run a task once after a delay. The pool's tasks are short and do not block.
	 * @param task what to run
	 * @param delayNanos the least delay in nanoseconds, at least 0
	 */
	void schedule(Runnable task, long delayNanos);

	/**
	 * Return a scheduler over the one timer that the JDK keeps for
	 * {@link CompletableFuture}, shared by all pools.
	 * @return a scheduler without threads of its own
	 */
	static Scheduler shared() {
		return (task, delayNanos) -> CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS, Runnable::run)
			.execute(task);
	}

}
