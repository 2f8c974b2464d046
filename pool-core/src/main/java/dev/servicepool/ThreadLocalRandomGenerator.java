package dev.servicepool;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Random numbers from whichever thread asks, so that threads do not get into each other's
 * way.
 */
final class ThreadLocalRandomGenerator implements RandomGenerator {

	@Override
	public long nextLong() {
		return ThreadLocalRandom.current().nextLong();
	}

	@Override
	public int nextInt(int bound) {
		return ThreadLocalRandom.current().nextInt(bound);
	}

}
