package dev.servicepool;

import java.util.function.BooleanSupplier;

/**
 * Waits for what other threads do, until the test's own timeout interrupts it.
 */
final class Await {

	private Await() {
	}

	static void until(BooleanSupplier condition) throws InterruptedException {
		while (!condition.getAsBoolean()) {
			if (Thread.interrupted()) {
				throw new InterruptedException("The condition did not come true");
			}
			Thread.onSpinWait();
		}
	}

}
