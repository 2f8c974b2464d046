package dev.servicepool.benchmarks.probe;

/**
 * Measures the heap.
 */
final class Heap {

	private static final int COLLECTIONS = 3;

	private Heap() {
	}

	/** Return the number of bytes that are in use after garbage collection. */
	static long used() {
		long least = Long.MAX_VALUE;
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
			least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
		}
		return least;
	}

}
