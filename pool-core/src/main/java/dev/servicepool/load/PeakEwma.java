package dev.servicepool.load;

import java.time.Duration;
import java.util.Collection;

/**
 * Peak EWMA metric, see {@link LoadMetric#peakEwma(Duration)}.
 */
final class PeakEwma implements LoadMetric {

	static final int DEFAULT_DECAY_SECONDS = 10;

	/** The assumed latency of the first service of a pool, in nanoseconds. */
	static final double FIRST_LATENCY = 30e6;

	private final double decayNanos;

	PeakEwma(Duration decay) {
		if (decay.isNegative() || decay.isZero()) {
			throw new IllegalArgumentException("decay must be greater than zero but was " + decay);
		}
		this.decayNanos = decay.toSeconds() * 1e9 + decay.getNano();
	}

	@Override
	public LoadTracker newTracker(Collection<? extends LoadTracker> live, long now) {
		double mean = live.stream()
			.map(PeakEwmaTracker.class::cast)
			.mapToDouble((loadTracker) -> loadTracker.latency(now))
			.average()
			.orElse(FIRST_LATENCY);
		return new PeakEwmaTracker(this.decayNanos, mean, now);
	}

	@Override
	public String toString() {
		return "peak-ewma";
	}

}
