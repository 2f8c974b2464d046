package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import dev.servicepool.Pool;
import dev.servicepool.Target;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.scheduling.TaskScheduler;

/**
 * Queries a source of targets periodically and updates the pool. If the source fails, the
 * pool keeps its last targets.
 */
final class TargetPoller implements Runnable {

	private static final Log logger = LogFactory.getLog(TargetPoller.class);

	private final Pool<?, ?> pool;

	private final Callable<List<Target>> targets;

	private final Duration interval;

	/** Whether the last query failed. Never used concurrently. */
	private boolean failing;

	/**
	 * Create a poller.
	 * @param targets queries the targets; never called concurrently
	 * @param interval the time between the end of one query and the start of the next
	 */
	TargetPoller(Pool<?, ?> pool, Callable<List<Target>> targets, Duration interval) {
		this.pool = pool;
		this.targets = targets;
		this.interval = interval;
	}

	/** Query the source after one interval, and then periodically. */
	void start(TaskScheduler scheduler) {
		scheduler.scheduleWithFixedDelay(this, scheduler.getClock().instant().plus(this.interval), this.interval);
	}

	@Override
	public void run() {
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
	}

}
