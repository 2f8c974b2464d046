package dev.servicepool.simulation;

import java.time.Duration;

import dev.servicepool.PoolBuilder;

/**
 * How a pool decides on its size.
 */
enum Policy {

	/** The algorithm as it was in tower: every low level removes a service. */
	ORIGINAL {
		@Override
		PoolBuilder configure(PoolBuilder pool, Scenario scenario) {
			return pool.headroomWindow(Duration.ZERO).idleTimeout(Duration.ZERO);
		}
	},

	/** The default settings. */
	GUARDED {
		@Override
		PoolBuilder configure(PoolBuilder pool, Scenario scenario) {
			return pool;
		}
	},

	/** As many services, from the start to the end, as the peak needs. */
	FIXED {
		@Override
		PoolBuilder configure(PoolBuilder pool, Scenario scenario) {
			int services = Math.max(scenario.targets, scenario.erlangServices());
			return pool.minServices(services).maxServices(services);
		}
	};

	abstract PoolBuilder configure(PoolBuilder pool, Scenario scenario);

}
