package dev.servicepool.sample;

import dev.servicepool.spring.actuate.PoolEndpoint;

import org.springframework.stereotype.Component;

/**
 * Statistics of the calls that the live page shows.
 */
@Component
class LiveStatistics {

	private final CallStatistics withPool = new CallStatistics();

	private final CallStatistics withoutPool = new CallStatistics();

	private final CallStatistics forecasts = new CallStatistics();

	private final PoolEndpoint pools;

	LiveStatistics(PoolEndpoint pools) {
		this.pools = pools;
	}

	/**
	 * Return the statistics of quote requests that use the pool.
	 */
	CallStatistics withPool() {
		return this.withPool;
	}

	/**
	 * Return the statistics of quote requests that use no pool.
	 */
	CallStatistics withoutPool() {
		return this.withoutPool;
	}

	/**
	 * Return the statistics of the client that {@code application.yml} configures. It
	 * uses no pool if the pool is disabled.
	 */
	CallStatistics ofConfiguredClient() {
		return (this.pools.pool("quotes") != null) ? this.withPool : this.withoutPool;
	}

	/**
	 * Return the statistics of the calls of forecast models.
	 */
	CallStatistics forecasts() {
		return this.forecasts;
	}

}
