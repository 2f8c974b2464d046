package dev.servicepool.simulation;

/**
 * How much work is offered at a time, in units of what one service can do.
 */
@FunctionalInterface
interface Traffic {

	/**
	 * Return the offered load.
	 * @param seconds the time since the start
	 * @return services' worth, at least 0
	 */
	double at(double seconds);

	static Traffic constant(double load) {
		return (seconds) -> load;
	}

	/** A load, another one from some time on until some other time, then the first. */
	static Traffic step(double load, double raised, double from, double to) {
		return (seconds) -> (seconds >= from && seconds < to) ? raised : load;
	}

	/** Two loads by turns, the lower one first. */
	static Traffic onOff(double low, double high, double turnSeconds) {
		return (seconds) -> ((long) (seconds / turnSeconds) % 2 == 0) ? low : high;
	}

	/** A load that swings between two values. */
	static Traffic sine(double low, double high, double periodSeconds) {
		return (seconds) -> low + (high - low) * (1 - StrictMath.cos(2 * Math.PI * seconds / periodSeconds)) / 2;
	}

	/** A load up to some time, then nothing at all. */
	static Traffic until(double load, double seconds) {
		return (now) -> (now < seconds) ? load : 0;
	}

}
