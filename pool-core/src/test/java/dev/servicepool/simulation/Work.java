package dev.servicepool.simulation;

import java.util.random.RandomGenerator;

/**
 * The time that requests take.
 */
@FunctionalInterface
interface Work {

	/** Mean time of a request, in seconds. */
	double MEAN = 0.05;

	/**
	 * Return the time of one request.
	 * @param random the source of random numbers
	 * @return the time in seconds
	 */
	double seconds(RandomGenerator random);

	/** Return an exponentially distributed time. */
	static double exponential(RandomGenerator random) {
		return exponential(MEAN).seconds(random);
	}

	/** Return an exponentially distributed time with a mean in seconds. */
	static Work exponential(double mean) {
		return (random) -> -mean * StrictMath.log(1 - random.nextDouble());
	}

	/** Return a Pareto-distributed time with the same mean and infinite variance. */
	static double heavyTailed(RandomGenerator random) {
		return MEAN / 3 * StrictMath.pow(1 - random.nextDouble(), -1 / 1.5);
	}

}
