package dev.servicepool.benchmarks.probe;

/**
 * The heap.
 */
final class Heap {

	private static final int COLLECTIONS = 3;

	private Heap() {
	}

	/** Return how many bytes are in use once all garbage is collected. */
	static long used() {
		long least = Long.MAX_VALUE;
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
			least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
		}
		return least;
	}

}
