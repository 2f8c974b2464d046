package dev.servicepool.spring.options;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Properties for the second attempts of requests that take long. At most one of them can
 * be set. The value {@code null} means that the property is not set.
 */
public class HedgeOptions {

	/**
	 * Percentile of the recent latencies of the pool after which a request is sent a
	 * second time, above 0 and below 100. Requires Java 21. Only for HTTP pools.
	 */
	private @Nullable Double percentile;

	/**
	 * Time after which a request is sent a second time. Zero disables second attempts.
	 * Requires Java 21. Only for HTTP pools.
	 */
	private @Nullable Duration delay;

	public @Nullable Double getPercentile() {
		return this.percentile;
	}

	public void setPercentile(@Nullable Double percentile) {
		this.percentile = percentile;
	}

	public @Nullable Duration getDelay() {
		return this.delay;
	}

	public void setDelay(@Nullable Duration delay) {
		this.delay = delay;
	}

}
