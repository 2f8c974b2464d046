package dev.servicepool;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts ready samples apart from the load estimate, so that a request that finds a
 * service ready need not take the lock. The load estimate says how many may pass before a
 * decision could change; the one that passes that mark has them taken in.
 */
final class ReadyCounter {

	/** Ready samples not yet taken in. Any thread. */
	private final AtomicLong count = new AtomicLong();

	/** How many may be counted apart. Written under the lock, read by any thread. */
	private volatile long allowed;

	/**
	 * Count one. Any thread.
	 * @return whether they must be taken in now
	 */
	boolean increment() {
		return this.count.incrementAndGet() > this.allowed;
	}

	/**
	 * Return how many have been counted, and start again from 0. Under the lock.
	 * @return at least 0
	 */
	long take() {
		return (this.count.get() != 0) ? this.count.getAndSet(0) : 0;
	}

	/**
	 * Set how many may be counted apart. Under the lock.
	 * @param allowed at least 0
	 */
	void allow(long allowed) {
		if (this.allowed != allowed) {
			this.allowed = allowed;
		}
	}

}
