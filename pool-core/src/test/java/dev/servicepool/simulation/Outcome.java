package dev.servicepool.simulation;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * The figures of a simulation without its warm-up.
 *
 * @param served the number of callers that acquired a service
 * @param rejected the number of callers that the pool rejected
 * @param meanRejectedWait the mean wait time of the rejected callers, in seconds
 * @param withinOneSecond the number of callers per second that received a response within
 * 1 s after their arrival
 * @param waited the number of served callers that waited
 * @param meanServices the mean number of services over time
 * @param resizes the number of services created or removed, without replacements
 * @param resizesPerMinute the number of resizes per minute
 * @param replacementsPerMinute the number of replaced services per minute
 * @param p99Wait the 99th percentile of the wait time, in seconds
 * @param p999Wait the 99.9th percentile of the wait time, in seconds
 * @param recovery the time after which no caller waited any more, in seconds
 * @param sizes all changes of the size since the start
 * @param points the state of the pool over time
 */
record Outcome(long served, long rejected, double meanRejectedWait, double withinOneSecond, long waited,
		double meanServices, int resizes, double resizesPerMinute, double replacementsPerMinute, double p99Wait,
		double p999Wait, double recovery, List<Size> sizes, List<Point> points) {

	/**
	 * A new size.
	 *
	 * @param seconds the time since the start, in seconds
	 * @param services the number of services from that time on
	 */
	record Size(double seconds, int services) {
	}

	/**
	 * The state of the pool at one time.
	 *
	 * @param seconds the time since the start, in seconds
	 * @param inFlight the number of requests in flight
	 * @param load the load estimate
	 * @param window the window of the headroom guard, in seconds
	 */
	record Point(double seconds, int inFlight, double load, double window) {
	}

	/** Return the window of the headroom guard for a time since the start, in seconds. */
	double windowAt(double seconds) {
		return this.points.stream()
			.filter((point) -> point.seconds() >= seconds)
			.mapToDouble(Point::window)
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Return the time until the size of the pool first satisfies a condition.
	 * @param from the time since the start from which to count, in seconds
	 * @param size the condition on the number of services
	 * @return the time after {@code from} in seconds, or infinity if no size satisfies it
	 */
	double secondsUntil(double from, IntPredicate size) {
		int before = 0;
		for (Size each : this.sizes) {
			if (each.seconds() > from && size.test(before)) {
				return 0;
			}
			if (each.seconds() > from && size.test(each.services())) {
				return each.seconds() - from;
			}
			before = each.services();
		}
		return Double.POSITIVE_INFINITY;
	}

	double waitedShare() {
		return (this.served == 0) ? 0 : (double) this.waited / this.served;
	}

}
