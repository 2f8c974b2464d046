package dev.servicepool.internal;

import dev.servicepool.PoolSettings;

/**
 * Settings of a pool, including those that can change at run time. No other class keeps a
 * copy of the latter. Written under the lock, read by any thread.
 */
final class Bounds {

	private volatile PoolSettings settings;

	Bounds(PoolSettings settings) {
		this.settings = settings;
	}

	PoolSettings settings() {
		return this.settings;
	}

	/** Change the settings. Under the lock. */
	void change(PoolSettings settings) {
		this.settings = settings;
	}

	int minServices() {
		return this.settings.minServices();
	}

	int maxServices(int targets) {
		return this.settings.maxServices(targets);
	}

	int maxConcurrency() {
		return this.settings.maxConcurrency();
	}

}
