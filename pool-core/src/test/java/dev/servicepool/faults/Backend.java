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

	/**
	 * Create a backend that is ten times as slow when it joins, and warms up within 60 s.
	 * @param seconds its usual time, of which requests take 70 to 130 %
	 * @param joinsAt the time at which it joins, in seconds
	 */
	static Backend warmingUp(double seconds, double joinsAt) {
		return (now, random) -> {
			double factor = Math.max(1, 10 - 9 * (now - joinsAt) / 60);
			return working(factor * seconds).reply(now, random);
		};
	}

	/** Return this backend with another reply during a period, in seconds. */
	default Backend except(Reply reply, double from, double to) {
		return (now, random) -> (now >= from && now < to) ? reply : reply(now, random);
	}

}
