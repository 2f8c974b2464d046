package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

import dev.servicepool.Pool;
import dev.servicepool.Scheduler;
import dev.servicepool.Target;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Asks a source for targets again and again, and tells the pool. Whatever the source
 * does, the pool keeps the last good ones.
 */
final class TargetPoller {

	private static final Log logger = LogFactory.getLog(TargetPoller.class);

	private final Pool<?, ?> pool;

	private final Callable<List<Target>> targets;

	private final Duration interval;

	private final Scheduler scheduler;

	private final Executor executor;

	/** Whether the last attempt failed. Used by one thread at a time. */
	private boolean failing;

	/** Written by the thread that closes the context, read by any. */
	private volatile boolean stopped;

	/**
	 * Create a poller.
	 * @param targets finds out the targets; called by one thread at a time
	 * @param interval how long to wait from one answer to the next question
	 * @param executor finds them out, which may block
	 */
	TargetPoller(Pool<?, ?> pool, Callable<List<Target>> targets, Duration interval, Scheduler scheduler,
			Executor executor) {
		this.pool = pool;
		this.targets = targets;
		this.interval = interval;
		this.scheduler = scheduler;
		this.executor = executor;
	}

	/** Ask the source after one interval, and so on until the poller is stopped. */
	void start() {
		if (!this.stopped) {
			this.scheduler.schedule(this::pollSoon, this.interval.toNanos());
		}
	}

	void stop() {
		this.stopped = true;
	}

	private void pollSoon() {
		if (!this.stopped) {
			this.executor.execute(this::poll);
		}
	}

	private void poll() {
		try {
			this.pool.retarget(this.targets.call());
			this.failing = false;
		}
		catch (Exception ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			if (!this.failing) {
				this.failing = true;
				logger
					.warn("The targets of pool '" + this.pool.name() + "' cannot be found out, the last ones stay. This"
							+ " is tried again every " + this.interval.toMillis() + " ms and not told again", ex);
			}
		}
		finally {
			start();
		}
	}

}
