package dev.servicepool.spring.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.servicepool.Service;
import dev.servicepool.Ticker;
import dev.servicepool.load.RecentLatencies;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.task.TaskDecorator;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.util.ClassUtils;

/**
 * Hedging of an HTTP pool: after a delay without a response, a request is sent a second
 * time while the first attempt is in progress. The delay is fixed, or a percentile of the
 * recent latencies of the pool. Requires virtual threads, which exist since Java 21. Used
 * by any thread.
 */
public final class Hedging {

	/** Result of {@link #delay()} if the request is not sent a second time. */
	static final long NEVER = Long.MAX_VALUE;

	private static final long MIN_DELAY = Duration.ofMillis(1).toNanos();

	/** The time for which a percentile is used before it is computed again. */
	private static final long RECOMPUTED_AFTER = Duration.ofMillis(100).toNanos();

	private static final Log logger = LogFactory.getLog(Hedging.class);

	private static final TaskDecorator context = ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory",
			Hedging.class.getClassLoader()) ? new ContextPropagatingTaskDecorator() : (task) -> task;

	private final Ticker ticker;

	private final VirtualThreadTaskExecutor threads = new VirtualThreadTaskExecutor("pool-hedge-");

	private final double percentile;

	/** The latencies of the pool; {@code null} if the delay is fixed. */
	private final @Nullable RecentLatencies latencies;

	/** The delay, which is recomputed by the thread that changes the time. */
	private volatile long delay;

	private volatile long computedAt;

	private final AtomicBoolean warned = new AtomicBoolean();

	private Hedging(Ticker ticker, double percentile, @Nullable RecentLatencies latencies, long delay) {
		this.ticker = ticker;
		this.percentile = percentile;
		this.latencies = latencies;
		this.delay = delay;
		this.computedAt = ticker.nanos();
	}

	/**
	 * Send requests a second time after a fixed delay.
	 * @param delay the delay, at least 1 ms
	 * @return the hedging of one pool
	 */
	public static Hedging after(Duration delay) {
		long nanos = (delay.toDays() < 1) ? delay.toNanos() : Duration.ofDays(1).toNanos();
		return new Hedging(Ticker.system(), 0, null, Math.max(MIN_DELAY, nanos));
	}

	/**
	 * Send requests a second time when they have taken longer than most recent ones, and
	 * at least 1 ms.
	 * @param percentile the percentile of the latencies that is the delay, between 0 and
	 * 100
	 * @return the hedging of one pool
	 */
	public static Hedging afterPercentile(double percentile) {
		return afterPercentile(percentile, Ticker.system());
	}

	static Hedging afterPercentile(double percentile, Ticker ticker) {
		return new Hedging(ticker, percentile, new RecentLatencies(ticker.nanos()), NEVER);
	}

	long now() {
		return this.ticker.nanos();
	}

	/**
	 * Return the time after which a request is sent a second time.
	 * @return the time in nanoseconds, or {@link #NEVER} while the pool has sent too few
	 * requests
	 */
	long delay() {
		if (this.latencies != null) {
			long now = now();
			if (now - this.computedAt >= RECOMPUTED_AFTER) {
				this.computedAt = now;
				long percentile = this.latencies.percentile(this.percentile, now);
				this.delay = (percentile != RecentLatencies.UNKNOWN) ? Math.max(MIN_DELAY, percentile) : NEVER;
			}
		}
		return this.delay;
	}

	/**
	 * Record the latency of a call that has a response now.
	 * @param startedAt the time at which the call started
	 */
	void record(long startedAt) {
		if (this.latencies != null) {
			long now = now();
			this.latencies.record(now - startedAt, now);
		}
	}

	/**
	 * Return whether a service can end an attempt that has lost. Services that are not
	 * {@link HttpClientService}s are expected to do so.
	 * @param pool the name of the pool
	 */
	boolean isPossible(String pool, Service<?, ?> service) {
		if (!(service instanceof HttpClientService client) || client.endsInterruptedRequests()) {
			return true;
		}
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("Pool '" + pool + "': no request is sent a second time while its first attempt is in progress,"
					+ " because " + service + " does not end a request when its thread is interrupted. Use the"
					+ " client of the JDK, Jetty, or Reactor Netty, or remove 'hedge' from the properties of the pool.");
		}
		return false;
	}

	/**
	 * Let a task have the context of this thread, such as the MDC and the observation, if
	 * the application propagates contexts.
	 */
	static Runnable withContext(Runnable task) {
		return context.decorate(task);
	}

	/** Run a task on a virtual thread. */
	void start(Runnable task) {
		this.threads.execute(task);
	}

}
