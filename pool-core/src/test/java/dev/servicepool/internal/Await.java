package dev.servicepool.internal;

import java.util.function.BooleanSupplier;

/**
 * Waits for a condition that another thread brings about. The timeout of the test
 * interrupts the wait.
 */
final class Await {

	private Await() {
	}

	static void until(BooleanSupplier condition) throws InterruptedException {
		while (!condition.getAsBoolean()) {
			if (Thread.interrupted()) {
				throw new InterruptedException("Interrupted before the condition was true");
			}
			Thread.onSpinWait();
		}
	}

}
