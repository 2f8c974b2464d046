package dev.servicepool.sample;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Model that calculates one forecast at a time. It represents a resource that is costly
 * to create, such as an external process or a licensed library. Applications pool their
 * own resource instead.
 */
final class ForecastModel implements AutoCloseable {

	static final Duration START_TIME = Duration.ofMillis(200);

	static final Duration CALCULATION_TIME = Duration.ofMillis(100);

	/** Whether the model is calculating. Written and read by any thread. */
	private final AtomicBoolean busy = new AtomicBoolean();

	private ForecastModel() {
	}

	/**
	 * Start a model.
	 * @return the model, which must be closed
	 * @throws InterruptedException if the thread is interrupted
	 */
	static ForecastModel start() throws InterruptedException {
		Thread.sleep(START_TIME.toMillis());
		return new ForecastModel();
	}

	/**
	 * Calculate a forecast.
	 * @param quote the current price
	 * @return the forecast
	 * @throws InterruptedException if the thread is interrupted
	 * @throws IllegalStateException if the model is already calculating
	 */
	Forecast forecast(Quote quote) throws InterruptedException {
		if (!this.busy.compareAndSet(false, true)) {
			throw new IllegalStateException("The model calculates one forecast at a time");
		}
		try {
			Thread.sleep(CALCULATION_TIME.toMillis());
			return Forecast.of(quote);
		}
		finally {
			this.busy.set(false);
		}
	}

	/**
	 * End the model. A real model would end its process or return its license.
	 */
	@Override
	public void close() {
	}

}
