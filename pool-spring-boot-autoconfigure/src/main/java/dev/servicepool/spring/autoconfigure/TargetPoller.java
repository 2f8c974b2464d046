package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;

/**
 * Queries a source of targets periodically and updates the pool. If the source fails or
 * names no targets, the pool keeps its last targets. If the source names none for long
 * enough, it is believed, and the pool removes its targets. Until the source has found
 * targets for the first time, it is queried more often.
 * <p>
 * Any thread may run a poller, but only one thread queries the source. A run during a
 * query causes one more query.
 */
final class TargetPoller implements Runnable {

	private static final Log logger = LogFactory.getLog(TargetPoller.class);

	private static final Duration FIRST_DELAY = Duration.ofMillis(100);

	private final Pool<?, ?> pool;

	private final Callable<List<Target>> query;

	/** The targets that the pool uses while the source has none. */
	private final List<Target> without;

	private final Duration interval;

	private final Duration emptyAfter;

	/** The key of the property that limits the number of services. */
	private final String limitKey;

	private final Ticker ticker;

	/** The number of runs that have not ended. The first of them queries the source. */
	private final AtomicInteger runs = new AtomicInteger();

	/** The time until the next query. Written by the thread that queries the source. */
	private volatile Duration delay;

	// The other fields are used only by the thread that queries the source.

	/** Whether the source has failed since it last found targets, which was logged. */
	private boolean failing;

	/** Whether the source has named no targets since it last found any. */
	private boolean empty;

	/** When the last queries began to find no targets without failing, if they did. */
	private @Nullable Long emptySince;

	/** Whether the pool uses the targets for a source that has none. */
	private boolean removed;

	/** The number of targets when it was last logged that some have no service. */
	private int logged;

	/**
	 * Create a poller.
	 * @param pool the pool
	 * @param found the targets that were found first
	 * @param query queries later targets; never called concurrently
	 * @param configuration the configuration of the pool
	 * @param ticker measures how long the source names no targets
	 * @throws PoolConfigurationException if a period of the configuration is not valid
	 */
	TargetPoller(Pool<?, ?> pool, TargetSources.Found found, Callable<List<Target>> query,
			PoolConfiguration configuration, Ticker ticker) {
		boolean missing = found.first().isEmpty();
		this.pool = pool;
		this.query = query;
		this.without = found.without();
		this.interval = configuration.addresses().requireRefreshInterval();
		this.emptyAfter = configuration.addresses().discovery().requireEmptyAfter();
		this.limitKey = configuration.keys().key("maxServices");
		this.ticker = ticker;
		this.failing = missing;
		this.empty = missing;
		this.removed = missing;
		this.delay = (missing && FIRST_DELAY.compareTo(this.interval) < 0) ? FIRST_DELAY : this.interval;
		use(found.targets());
	}

	/** Query the source after a delay, and then periodically. */
	void start(TaskScheduler scheduler) {
		scheduler.schedule(this, (context) -> {
			Instant last = context.lastCompletion();
			return ((last != null) ? last : context.getClock().instant()).plus(this.delay);
		});
	}

	/** Query the source on another thread, unless the application stops. */
	void startNow(TaskExecutor executor) {
		try {
			executor.execute(this);
		}
		catch (TaskRejectedException ex) {
			logger.debug("Pool '" + this.pool.name() + "': no targets are queried, because the application stops.", ex);
		}
	}

	@Override
	public void run() {
		if (this.runs.getAndIncrement() == 0) {
			int before;
			do {
				before = this.runs.get();
				poll();
			}
			while (this.runs.addAndGet(-before) > 0);
		}
	}

	private void poll() {
		if (update()) {
			this.delay = this.interval;
		}
		else if (this.delay.compareTo(this.interval) < 0) {
			Duration longer = this.delay.multipliedBy(2);
			this.delay = (longer.compareTo(this.interval) < 0) ? longer : this.interval;
		}
	}

	/** Return whether the source has found targets. */
	private boolean update() {
		try {
			List<Target> targets = this.query.call();
			if (targets.isEmpty()) {
				foundNone();
				return false;
			}
			use(targets);
			this.failing = false;
			this.empty = false;
			this.emptySince = null;
			this.removed = false;
			return true;
		}
		catch (Throwable ex) {
			if (ex instanceof InterruptedException) {
				Thread.currentThread().interrupt();
			}
			failed(ex);
			return false;
		}
	}

	private void failed(Throwable cause) {
		// A source that fails often has no targets at first when it works again.
		this.emptySince = null;
		if (!this.failing) {
			this.failing = true;
			logger.warn("Pool '" + this.pool.name() + "': looking up the targets failed; keeping the last targets."
					+ " Retrying at least every " + this.interval.toMillis() + " ms; further failures are not logged.",
					cause);
		}
	}

	private void foundNone() {
		long now = this.ticker.nanos();
		if (this.emptySince == null) {
			this.emptySince = now;
		}
		if (!this.removed && Duration.ofNanos(now - this.emptySince).compareTo(this.emptyAfter) >= 0) {
			this.removed = true;
			logger.warn("Pool '" + this.pool.name() + "': no targets were found for "
					+ PoolSummaryLine.format(this.emptyAfter) + "; removing the last targets.");
			use(this.without);
		}
		else if (!this.removed && !this.empty) {
			logger.warn("Pool '" + this.pool.name() + "': no targets were found; keeping the last targets for "
					+ PoolSummaryLine.format(this.emptyAfter) + ".");
		}
		this.empty = true;
	}

	private void use(List<Target> targets) {
		this.pool.retarget(targets);
		int preferred = (int) this.pool.snapshot()
			.health()
			.targets()
			.stream()
			.filter(PoolSnapshot.TargetSnapshot::preferred)
			.count();
		int maxServices = this.pool.settings().maxServices(targets.size());
		int unserved = preferred - maxServices;
		if (unserved > 0 && preferred != this.logged) {
			logger.warn("Pool '" + this.pool.name() + "': " + unserved + " of " + preferred
					+ " targets without a service, because max-services is " + maxServices + ". Set '" + this.limitKey
					+ "' to at least " + preferred + ".");
		}
		this.logged = (unserved > 0) ? preferred : 0;
	}

}
