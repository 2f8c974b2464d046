package dev.servicepool.load;

import java.time.Duration;
import java.util.Collection;

/**
 * How the load of a service is measured. The balancer draws two services that are ready
 * and sends the request to the one with the lower load.
 */
public interface LoadMetric {

	/**
	 * Return a new gauge for a service that is about to join.
	 * @param live the gauges of the services that the pool has now, which this metric
	 * made; a newcomer should look like an average one of them
	 * @param now the time of the pool's ticker, in nanoseconds
	 * @return a gauge for one service
	 */
	LoadTracker newTracker(Collection<? extends LoadTracker> live, long now);

	/**
	 * Whether the metric looks at times. If not, the pool reads no clock on its behalf,
	 * and the times it passes mean nothing.
	 * @return whether times matter
	 */
	default boolean timed() {
		return true;
	}

	/**
	 * Return a metric under which all services are equally loaded, so that requests
	 * spread at random.
	 * @return the constant metric
	 */
	static LoadMetric constant() {
		return SimpleMetric.CONSTANT;
	}

	/**
	 * Return a metric under which the load of a service is the number of its requests in
	 * flight. A failure counts as {@value PendingRequestsTracker#PENALTY} more of them;
	 * that is halved by each answer, and becomes less by one each time the load is looked
	 * at.
	 * @return the metric of pending requests
	 */
	static LoadMetric pendingRequests() {
		return SimpleMetric.PENDING_REQUESTS;
	}

	/**
	 * Return a metric under which the load of a service is its latency times its requests
	 * in flight plus one, with a decay of {@value PeakEwma#DEFAULT_DECAY_SECONDS} s.
	 * @return the peak EWMA metric
	 * @see #peakEwma(Duration)
	 */
	static LoadMetric peakEwma() {
		return peakEwma(Duration.ofSeconds(PeakEwma.DEFAULT_DECAY_SECONDS));
	}

	/**
	 * Return a metric under which the load of a service is its latency times its requests
	 * in flight plus one. The latency is an exponentially weighted moving average that
	 * takes over a slower response at once, gives way to faster ones, and fades while the
	 * service is not used. A request that has been waiting for the beginning of its
	 * response counts with its age, so a service that stalls is avoided before its first
	 * response or timeout.
	 * <p>
	 * A failure, however quick, counts as a latency of 5 s, or ten times what it took or
	 * what answers take if that is more. It fades like any estimate, and is forgotten
	 * when a request that was sent later is answered.
	 * <p>
	 * Source: the load metric of Finagle's and tower's balancers, with the ages and the
	 * cost of failures added.
	 * @param decay how long until an estimate has lost all but 1/e of its weight; greater
	 * than zero
	 * @return the peak EWMA metric
	 * @throws IllegalArgumentException if the decay is not greater than zero
	 */
	static LoadMetric peakEwma(Duration decay) {
		return new PeakEwma(decay);
	}

}
