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
 * Queries a source of targets periodically and updates the pool. If the source fails, the
 * pool keeps its last targets.
 */
final class TargetPoller {

	private static final Log logger = LogFactory.getLog(TargetPoller.class);

	private final Pool<?, ?> pool;

	private final Callable<List<Target>> targets;

	private final Duration interval;

	private final Scheduler scheduler;

	private final Executor executor;

	/** Whether the last query failed. Never used concurrently. */
	private boolean failing;

	/** Written by the thread that closes the context, read by any thread. */
	private volatile boolean stopped;

	/**
	 * Create a poller.
	 * @param targets queries the targets; never called concurrently
	 * @param interval the time between the end of one query and the start of the next
	 * @param executor runs the queries, which may block
	 */
	TargetPoller(Pool<?, ?> pool, Callable<List<Target>> targets, Duration interval, Scheduler scheduler,
			Executor executor) {
		this.pool = pool;
		this.targets = targets;
		this.interval = interval;
		this.scheduler = scheduler;
		this.executor = executor;
	}

	/**
	 * Query the source after one interval, and then periodically until the poller is
	 * stopped.
	 */
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
				logger.warn("Pool '" + this.pool.name() + "': looking up the targets failed; keeping the last targets."
						+ " Retrying every " + this.interval.toMillis() + " ms; further failures are not logged.", ex);
			}
		}
		finally {
			start();
		}
	}

}
