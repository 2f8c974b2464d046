package dev.servicepool;

/**
 * A source of elapsed time. Its values are only meaningful as differences, and may
 * overflow.
 */
@FunctionalInterface
public interface Ticker {

	/**
	 * Return the current time.
	 * @return nanoseconds since some fixed but arbitrary moment, possibly negative
	 */
	long nanos();

	/**
	 * Return the ticker of the running JVM.
	 * @return a ticker over {@link System#nanoTime()}
	 */
	static Ticker system() {
		return SystemTicker.INSTANCE;
	}

}
