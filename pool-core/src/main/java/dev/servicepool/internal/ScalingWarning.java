package dev.servicepool.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

import dev.servicepool.PoolSettings;
import dev.servicepool.Readiness;
import dev.servicepool.internal.util.PoolLogger;

/**
 * Warns once about a pool that cannot scale up. Guarded by the lock.
 */
final class ScalingWarning<Q, R> {

	private static final Logger logger = PoolLogger.get();

	private final String pool;

	private final Bounds bounds;

	private final EventRecorder<Q, R> recorder;

	private boolean warned;

	ScalingWarning(String pool, Bounds bounds, EventRecorder<Q, R> recorder) {
		this.pool = pool;
		this.bounds = bounds;
		this.recorder = recorder;
	}

	/** Check the readiness that a created service reported. */
	void created(Readiness readiness) {
		if (!this.warned && readiness == Readiness.ALWAYS && this.bounds.maxConcurrency() == PoolSettings.UNLIMITED
				&& this.bounds.settings().maxServices() > this.bounds.minServices()) {
			this.warned = true;
			this.recorder.effect(new Effect.Report<>(() -> logger.log(Level.WARNING, "Pool '" + this.pool
					+ "': cannot scale up: its services are always ready because maxConcurrency is unlimited and they do not"
					+ " override pollReady. Set maxConcurrency to the number of concurrent requests that one service can"
					+ " process, or set maxServices to minServices.")));
		}
	}

}
