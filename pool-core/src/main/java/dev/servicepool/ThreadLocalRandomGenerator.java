package dev.servicepool;

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Random generator that uses the {@link ThreadLocalRandom} of the calling thread, so that
 * threads do not contend.
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
