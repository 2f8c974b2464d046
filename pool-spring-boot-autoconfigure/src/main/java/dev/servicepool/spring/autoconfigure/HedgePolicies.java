package dev.servicepool.spring.autoconfigure;

import java.time.Duration;

import dev.servicepool.spring.http.Hedging;
import dev.servicepool.spring.http.client.ClientAdapter;
import dev.servicepool.spring.options.HedgeOptions;
import org.jspecify.annotations.Nullable;

/**
 * Creates the hedging of pools from their properties.
 */
final class HedgePolicies {

	/** The Java version with virtual threads. */
	private static final int VIRTUAL_THREADS = 21;

	private HedgePolicies() {
	}

	/**
	 * Return the hedging of a pool.
	 * @param configuration the configuration of the pool
	 * @return the hedging, or {@code null} if it is not configured
	 * @throws PoolConfigurationException if a property has an invalid value, or if this
	 * Java version has no virtual threads
	 */
	static @Nullable Hedging of(PoolConfiguration configuration) {
		PoolKeys keys = configuration.keys();
		HedgeOptions options = check(configuration);
		if (options == null) {
			return null;
		}
		if (Runtime.version().feature() < VIRTUAL_THREADS) {
			throw keys.invalid(option(options), "is set",
					"it requires virtual threads; use Java " + VIRTUAL_THREADS + " or later, or remove it", null);
		}
		return (options.getDelay() != null) ? Hedging.after(options.getDelay())
				: Hedging.afterPercentile(options.getPercentile());
	}

	/**
	 * Check that the clients of a pool can end an attempt that has lost.
	 * @param configuration the configuration of the pool
	 * @param adapter the library of its clients
	 * @throws PoolConfigurationException if they cannot and hedging is configured
	 */
	static void checkClient(PoolConfiguration configuration, ClientAdapter adapter) {
		HedgeOptions options = check(configuration);
		if (options != null && !adapter.endsInterruptedRequests()) {
			throw configuration.keys()
				.invalid(option(options), "is set",
						"it requires an HTTP client that ends a request when its thread is interrupted;"
								+ " use the client of the JDK, Jetty, or Reactor Netty, or remove it",
						null);
		}
	}

	/**
	 * Return the options of a pool: those of the topmost layer that sets one of them.
	 * @return the options, or {@code null} if the pool has no hedging
	 */
	private static @Nullable HedgeOptions check(PoolConfiguration configuration) {
		PoolKeys keys = configuration.keys();
		HedgeOptions options = new Layers<>(configuration.options())
			.topmost((layer) -> isSet(layer.getHedge()) ? layer.getHedge() : null);
		if (options == null) {
			return null;
		}
		Double percentile = options.getPercentile();
		Duration delay = options.getDelay();
		if (percentile != null && delay != null) {
			throw keys.invalid("hedge.percentile", "is set, and so is 'hedge.delay'", "remove one of them", null);
		}
		if (percentile != null && !(percentile > 0 && percentile < 100)) {
			throw keys.invalid("hedge.percentile", "is " + percentile, "it must be above 0 and below 100", null);
		}
		if (delay != null && delay.isNegative()) {
			throw keys.invalid("hedge.delay", "is " + delay, "it must not be negative", null);
		}
		return (delay != null && delay.isZero()) ? null : options;
	}

	private static boolean isSet(HedgeOptions options) {
		return options.getPercentile() != null || options.getDelay() != null;
	}

	private static String option(HedgeOptions options) {
		return (options.getDelay() != null) ? "hedge.delay" : "hedge.percentile";
	}

}
