package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.Collection;

import dev.servicepool.Pool;
import dev.servicepool.Ticker;

import org.springframework.context.SmartLifecycle;

/**
 * Starts the pools before the web server takes requests, and drains them when it has
 * stopped. Drained pools can be started again; they are closed with their beans.
 */
final class PoolLifecycle implements SmartLifecycle {

	/**
	 * Below the phase in which the web server starts and stops, 2,048 below the default.
	 */
	static final int PHASE = DEFAULT_PHASE - 2048 - 1024;

	private final PoolRegistry registry;

	private final boolean eager;

	private final Ticker ticker;

	/** Written by the thread that starts or stops the context, read by any. */
	private volatile boolean running;

	PoolLifecycle(PoolRegistry registry, boolean eager, Ticker ticker) {
		this.registry = registry;
		this.eager = eager;
		this.ticker = ticker;
	}

	@Override
	public void start() {
		if (this.eager) {
			this.registry.all().forEach(Pool::start);
		}
		this.running = true;
	}

	/**
	 * Drain all pools at the same time, each for at most its {@code closeTimeout}.
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
				pool.drain(left.isNegative() ? Duration.ZERO : left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
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
