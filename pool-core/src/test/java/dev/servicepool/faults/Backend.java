package dev.servicepool.faults;

import java.util.random.RandomGenerator;

/**
 * A simulated server.
 */
@FunctionalInterface
interface Backend {

	/**
	 * Return the reply to a request.
	 * @param seconds the time since the start, in seconds
	 * @param random the source of random numbers
	 */
	Reply reply(double seconds, RandomGenerator random);

	/**
	 * Create a backend that responds within 70 to 130 % of a time, evenly distributed.
	 */
	static Backend working(double seconds) {
		return (now, random) -> Reply.response(seconds * (0.7 + 0.6 * random.nextDouble()));
	}

	/** Return this backend with another reply during a period, in seconds. */
	default Backend except(Reply reply, double from, double to) {
		return (now, random) -> (now >= from && now < to) ? reply : reply(now, random);
	}

}
