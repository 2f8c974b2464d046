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
 * Starts the pools before the web server accepts requests, and drains them after it has
 * stopped. Drained pools can be started again. Pools are closed with their beans.
 */
final class PoolLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, ApplicationContextAware {

	/**
	 * Phase below that of the web server, which is 2,048 below the default.
	 */
	static final int PHASE = DEFAULT_PHASE - 2048 - 1024;

	private final PoolRegistry registry;

	private final boolean eager;

	private final Ticker ticker;

	/** Written by the thread that starts or stops the context, read by any thread. */
	private volatile boolean running;

	/** Written by the thread that creates the context. */
	private @Nullable ApplicationContext context;

	/** Whether the context is being closed. Written by the thread that closes it. */
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

	/** Handle the closing of the context, or of a child context. */
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
	 * Drain all pools concurrently, each for at most its {@code closeTimeout}. If the
	 * context is being closed, a pool that is not drained by then is closed immediately.
	 * Its requests do not receive the same time again when its bean is destroyed.
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
					closeImmediately(pool);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Close a pool on an interrupted thread, so that the pool does not wait for its
	 * requests.
	 */
	private static void closeImmediately(Pool<?, ?> pool) {
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
