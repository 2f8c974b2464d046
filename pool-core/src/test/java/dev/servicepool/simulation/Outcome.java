package dev.servicepool.simulation;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * What came of a simulation, its warm-up left out.
 *
 * @param served how many callers got a service
 * @param refused how many were turned away
 * @param waited how many of those served had to wait
 * @param meanServices the mean number of services over time
 * @param resizes how often a service was made or removed
 * @param resizesPerMinute the same per minute
 * @param p99Wait the time in seconds that 99 % of callers did not exceed
 * @param p999Wait the same for 99.9 %
 * @param recovery the time in seconds after which nobody had to wait any more
 * @param sizes every change of the size, from the very start
 * @param points the course of the rest
 */
record Outcome(long served, long refused, long waited, double meanServices, int resizes, double resizesPerMinute,
		double p99Wait, double p999Wait, double recovery, List<Size> sizes, List<Point> points) {

	/**
	 * A new size.
	 *
	 * @param seconds the time since the start
	 * @param services how many services there are from then on
	 */
	record Size(double seconds, int services) {
	}

	/**
	 * The pool at one moment.
	 *
	 * @param seconds the time since the start
	 * @param inFlight how many requests are in flight
	 * @param load the load estimate
	 * @param window the window of the headroom guard in seconds
	 */
	record Point(double seconds, int inFlight, double load, double window) {
	}

	/** Return the window of the headroom guard at a time, in seconds. */
	double windowAt(double seconds) {
		return this.points.stream()
			.filter((point) -> point.seconds() >= seconds)
			.mapToDouble(Point::window)
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Return when the pool first had a size that a condition holds for.
	 * @param from the time to begin at, in seconds
	 * @return seconds after that; infinite if it never had
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
