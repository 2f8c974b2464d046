package dev.servicepool;

/**
 * Ticker that reads the JVM's clock for elapsed time. No other class reads it.
 */
enum SystemTicker implements Ticker {

	INSTANCE;

	@Override
	public long nanos() {
		return System.nanoTime();
	}

}
