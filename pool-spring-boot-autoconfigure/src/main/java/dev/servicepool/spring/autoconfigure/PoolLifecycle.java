package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.Collection;

import dev.servicepool.Pool;
import dev.servicepool.Ticker;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Starts the pools before the web server takes requests, and drains them when it has
 * stopped. Drained pools can be started again; they are closed with their beans.
 */
final class PoolLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, ApplicationContextAware {

	/**
	 * Below the phase in which the web server starts and stops, 2,048 below the default.
	 */
	static final int PHASE = DEFAULT_PHASE - 2048 - 1024;

	private final PoolRegistry registry;

	private final boolean eager;

	private final Ticker ticker;

	/** Written by the thread that starts or stops the context, read by any. */
	private volatile boolean running;

	/** Written by the thread that makes the context. */
	private @Nullable ApplicationContext context;

	/** Whether the context stops for good. Written by the thread that closes it. */
	private volatile boolean closing;

	PoolLifecycle(PoolRegistry registry, boolean eager, Ticker ticker) {
		this.registry = registry;
		this.eager = eager;
		this.ticker = ticker;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		this.context = context;
	}

	/** The context, or one below it, is about to be closed. */
	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		this.closing |= event.getApplicationContext() == this.context;
	}

	@Override
	public void start() {
		if (this.eager) {
			this.registry.all().forEach(Pool::start);
		}
		this.running = true;
	}

	/**
	 * Drain all pools at the same time, each for at most its {@code closeTimeout}. If the
	 * context is closing, a pool that has not drained by then is closed under its
	 * requests: they have had their time and get it no second time when its bean goes.
	 */
	@Override
	public void stop() {
		this.running = false;
		Collection<Pool<?, ?>> pools = this.registry.all();
		long start = this.ticker.nanos();
		try {
			for (Pool<?, ?> pool : pools) {
				pool.drain(Duration.ZERO);
			}
			for (Pool<?, ?> pool : pools) {
				Duration left = pool.settings().closeTimeout().minusNanos(this.ticker.nanos() - start);
				boolean drained = pool.drain(left.isNegative() ? Duration.ZERO : left);
				if (!drained && this.closing) {
					closeAtOnce(pool);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** A pool does not wait for its requests if the thread is interrupted. */
	private static void closeAtOnce(Pool<?, ?> pool) {
		Thread.currentThread().interrupt();
		try {
			pool.close();
		}
		finally {
			Thread.interrupted();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
