package dev.servicepool.simulation;

/**
 * The offered load over time, in units of one service's capacity.
 */
@FunctionalInterface
interface Traffic {

	/** Number of seconds of a day. */
	int DAY_SECONDS = 24 * 60 * 60;

	/**
	 * Return the offered load.
	 * @param seconds the time since the start, in seconds
	 * @return the load in units of one service's capacity, at least 0
	 */
	double at(double seconds);

	static Traffic constant(double load) {
		return (seconds) -> load;
	}

	/** Create a load that is raised during one period, in seconds. */
	static Traffic step(double load, double raised, double from, double to) {
		return (seconds) -> (seconds >= from && seconds < to) ? raised : load;
	}

	/** Create a load that alternates between two values and starts with the lower one. */
	static Traffic onOff(double low, double high, double phaseSeconds) {
		return (seconds) -> ((long) (seconds / phaseSeconds) % 2 == 0) ? low : high;
	}

	/** Create a load that follows a sine wave between two values. */
	static Traffic sine(double low, double high, double periodSeconds) {
		return (seconds) -> low + (high - low) * (1 - StrictMath.cos(2 * Math.PI * seconds / periodSeconds)) / 2;
	}

	/**
	 * Create the load of a day that is lowest at midnight and highest at noon. In the
	 * first minute of each hour, a job adds 2 to it.
	 */
	static Traffic day(double low, double high) {
		Traffic curve = sine(low, high, DAY_SECONDS);
		return (seconds) -> curve.at(seconds) + ((seconds % 3600 < 60) ? 2 : 0);
	}

	/** Create a load that ends after a period, in seconds. */
	static Traffic until(double load, double seconds) {
		return (now) -> (now < seconds) ? load : 0;
	}

}
