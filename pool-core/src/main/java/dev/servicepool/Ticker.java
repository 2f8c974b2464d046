package dev.servicepool;

/**
 * Source of elapsed time. Only the difference between two values is meaningful. Values
 * may overflow.
 */
@FunctionalInterface
public interface Ticker {

	/**
	 * Return the current time.
	 * @return the time since a fixed but arbitrary moment in nanoseconds, possibly
	 * negative
	 */
	long nanos();

	/**
	 * Return the ticker of the running JVM.
	 * @return a ticker that uses {@link System#nanoTime()}
	 */
	static Ticker system() {
		return System::nanoTime;
	}

}
