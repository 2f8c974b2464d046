package dev.servicepool.load;

import java.time.Duration;
import java.util.Collection;

/**
 * Metric that measures the load of a service. For each request, the pool picks two ready
 * services at random and uses the one with the lower load score.
 */
public interface LoadMetric {

	/**
	 * Create a load tracker for a service that is about to join the pool. Its initial
	 * load score should be the average of the other services.
	 * @param live the load trackers of the current services, which this metric created
	 * @param now the time of the pool's ticker in nanoseconds
	 * @return a new load tracker
	 */
	LoadTracker newTracker(Collection<? extends LoadTracker> live, long now);

	/**
	 * Return whether the metric uses times. If it does not, the pool saves the cost of
	 * reading its ticker and passes meaningless times.
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
	 * halves the penalty, and each comparison of load scores reduces it by one.
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
	 * Return a metric whose load score is the latency of the service in milliseconds,
	 * multiplied by the number of requests in flight plus one.
	 * <p>
	 * The latency is an exponentially weighted moving average (EWMA). A slower response
	 * replaces the average immediately (<em>peak</em>), and faster responses lower it
	 * gradually. The average decays while the service is not used. If the mean age of the
	 * requests without a response exceeds the average, it replaces the average. The pool
	 * therefore avoids a service that stalls before its first timeout.
	 * <p>
	 * A failure counts as a latency of at least 5 s. It counts as ten times its duration
	 * or ten times the latency if either value is higher. This penalty decays ten times
	 * as fast as the average. A response to a request that was sent after the failure
	 * ends it.
	 * <p>
	 * Source: the load metric of the balancers in Finagle and tower. The ages of requests
	 * and the penalty of failures are additions.
	 * @param decay the time after which an estimate has lost all but 1/e of its weight,
	 * greater than zero
	 * @return the peak EWMA metric
	 * @throws IllegalArgumentException if the decay is not greater than zero
	 */
	static LoadMetric peakEwma(Duration decay) {
		return new PeakEwma(decay);
	}

}
