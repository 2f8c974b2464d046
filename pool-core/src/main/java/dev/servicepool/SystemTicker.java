package dev.servicepool;

/**
 * The one place that reads the JVM's clock for elapsed time.
 */
enum SystemTicker implements Ticker {

	INSTANCE;

	@Override
	public long nanos() {
		return System.nanoTime();
	}

}
