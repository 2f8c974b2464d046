package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

import dev.servicepool.Pool;
import dev.servicepool.Scheduler;
import dev.servicepool.Target;
import dev.servicepool.spring.http.TargetSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Asks a source for targets again and again, and tells the pool. Whatever the source
 * does, the pool keeps the last good ones.
 */
final class TargetPoller {

	private static final Log logger = LogFactory.getLog(TargetPoller.class);

	private final Pool<?, ?> pool;

	private final TargetSource source;

	private final Function<URI, Target> reader;

	private final Duration interval;

	private final Scheduler scheduler;

	private final Executor executor;

	/** Whether the last attempt failed. Used by one thread at a time. */
	private boolean failing;

	/** Written by the thread that closes the context, read by any. */
	private volatile boolean stopped;

	/**
	 * Create a poller.
	 * @param reader turns what the source says into targets
	 * @param interval how long to wait from one answer to the next question
	 * @param executor asks the source, which may block
	 */
	TargetPoller(Pool<?, ?> pool, TargetSource source, Function<URI, Target> reader, Duration interval,
			Scheduler scheduler, Executor executor) {
		this.pool = pool;
		this.source = source;
		this.reader = reader;
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
			List<Target> targets = this.source.targets().stream().map(this.reader).distinct().toList();
			this.pool.retarget(targets);
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
