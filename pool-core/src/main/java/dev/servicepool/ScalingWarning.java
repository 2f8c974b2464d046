package dev.servicepool;

/**
 * Warns once of a pool that can never grow. Guarded by the pool's lock.
 */
final class ScalingWarning<Q, R> {

	private final String pool;

	private final PoolSettings settings;

	private final EventRecorder<Q, R> recorder;

	private boolean warned;

	ScalingWarning(String pool, PoolSettings settings, EventRecorder<Q, R> recorder) {
		this.pool = pool;
		this.settings = settings;
		this.recorder = recorder;
	}

	/** A service was made that has said whether it is to be polled. */
	void created(Readiness readiness) {
		if (!this.warned && readiness == Readiness.ALWAYS && this.settings.maxConcurrency() == PoolBuilder.UNLIMITED
				&& this.settings.maxServices() > this.settings.minServices()) {
			this.warned = true;
			this.recorder.effect(new Effect.Warn<>("Pool '" + this.pool
					+ "' can never grow: its services are always ready, since maxConcurrency is unlimited and they don't"
					+ " override pollReady. Set maxConcurrency to the number of requests that one service takes at a"
					+ " time, or maxServices to minServices"));
		}
	}

}
