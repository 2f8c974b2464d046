package dev.servicepool.simulation;

import java.util.random.RandomGenerator;

/**
 * How long requests take.
 */
@FunctionalInterface
interface Work {

	/** The mean time of a request, in seconds. */
	double MEAN = 0.05;

	/**
	 * Return the time that one request takes.
	 * @return seconds
	 */
	double seconds(RandomGenerator random);

	/** Exponentially distributed. */
	static double exponential(RandomGenerator random) {
		return -MEAN * StrictMath.log(1 - random.nextDouble());
	}

	/** Pareto distributed with the same mean and an infinite variance. */
	static double heavyTailed(RandomGenerator random) {
		return MEAN / 3 * StrictMath.pow(1 - random.nextDouble(), -1 / 1.5);
	}

}
