package dev.servicepool.load;

import java.time.Duration;
import java.util.Collection;

/**
 * Metric that measures the load of a service. For each request, the pool picks two ready
 * services at random and uses the one with the lower load score.
 */
public interface LoadMetric {

	/**
	 * Create a load tracker for a service that is about to join the pool. The initial
	 * load score of the tracker should be the average of the load scores of the other
	 * services.
	 * @param live the load trackers of the current services, which this metric created
	 * @param now the time of the pool's ticker in nanoseconds
	 * @return a new load tracker
	 */
	LoadTracker newTracker(Collection<? extends LoadTracker> live, long now);

	/**
	 * Return whether the metric uses times. If the metric uses no times, the pool does
	 * not read its ticker and passes meaningless times.
	 * @return whether the metric uses times, {@code true} by default
	 */
	default boolean timed() {
		return true;
	}

	/**
	 * Return a metric with the same load score for all services, so that the pool
	 * distributes requests at random.
	 * @return the constant metric
	 */
	static LoadMetric constant() {
		return SimpleMetric.CONSTANT;
	}

	/**
	 * Return a metric whose load score is the number of requests in flight. A failure
	 * adds a penalty of {@value PendingRequestsTracker#PENALTY} requests. Each response
	 * halves the penalty, and each comparison of load scores reduces the penalty by one.
	 * @return the metric of pending requests
	 */
	static LoadMetric pendingRequests() {
		return SimpleMetric.PENDING_REQUESTS;
	}

	/**
	 * Return the peak EWMA metric with a decay of {@value PeakEwma#DEFAULT_DECAY_SECONDS}
	 * s.
	 * @return the peak EWMA metric
	 * @see #peakEwma(Duration)
	 */
	static LoadMetric peakEwma() {
		return peakEwma(Duration.ofSeconds(PeakEwma.DEFAULT_DECAY_SECONDS));
	}

	/**
	 * Return a metric whose load score is latency x (requests in flight + 1), with the
	 * latency of the service in milliseconds.
	 * <p>
	 * The latency is an exponentially weighted moving average (EWMA). If a response is
	 * slower than the average, its latency replaces the average immediately
	 * (<em>peak</em>). Faster responses lower the average gradually. The average decays
	 * while the service is not used. If the mean age of the requests without a response
	 * exceeds the average, the load score uses this age instead of the average. If a
	 * service stalls, the pool therefore avoids it even before the first request times
	 * out.
	 * <p>
	 * A failure adds a penalty: it counts like a response whose latency is the highest of
	 * these values: 5 s, ten times the duration of the failed request, and ten times the
	 * average latency. The penalty decays ten times as fast as the average. The penalty
	 * ends when the service responds to a request that was sent after the failure.
	 * <p>
	 * Source: the load metric of the balancers in Finagle and tower. This project adds
	 * the ages of requests and the penalty for failures.
	 * @param decay the time after which the weight of earlier latencies in the average
	 * has decreased to 1/e, greater than zero
	 * @return the peak EWMA metric
	 * @throws IllegalArgumentException if the decay is not greater than zero
	 */
	static LoadMetric peakEwma(Duration decay) {
		return new PeakEwma(decay);
	}

}
