package dev.servicepool.faults;

import java.util.random.RandomGenerator;

/**
 * A server.
 */
@FunctionalInterface
interface Backend {

	/**
	 * Treat a request.
	 * @param seconds the time since the start
	 */
	Reply reply(double seconds, RandomGenerator random);

	/** One that works: 70 to 130 % of a time, evenly distributed. */
	static Backend working(double seconds) {
		return (now, random) -> Reply.answer(seconds * (0.7 + 0.6 * random.nextDouble()));
	}

	/** One that works but for a while. */
	default Backend but(Reply reply, double from, double to) {
		return (now, random) -> (now >= from && now < to) ? reply : reply(now, random);
	}

}
