package dev.servicepool;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts ready samples apart from the load estimate, so that a request that finds a
 * service ready need not take the lock. Two things bound how many may be counted apart:
 * the load estimate, which knows how many may pass before a decision could change, and a
 * stride, so that the demand is looked at often enough whatever the traffic. The one that
 * passes that mark has them taken in.
 */
final class ReadyCounter {

	/** The longest stride, which lets slower traffic be noticed soon. */
	private static final long LONGEST_STRIDE = 256;

	/** How often the demand is to be looked at, in nanoseconds; 0 if not at all. */
	private final long interval;

	/** Ready samples not yet taken in. Any thread. */
	private final AtomicLong count = new AtomicLong();

	/** How many may be counted apart. Written under the lock, read by any thread. */
	private volatile long allowed;

	/** How many come in an interval, about. Guarded by the lock. */
	private long stride = 1;

	/** When the current stride began. Guarded by the lock. */
	private long strideStart;

	/** How many of the current stride were taken in. Guarded by the lock. */
	private long strideCount;

	ReadyCounter(long interval, long now) {
		this.interval = interval;
		this.strideStart = now;
	}

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
	long take(long now) {
		long taken = (this.count.get() != 0) ? this.count.getAndSet(0) : 0;
		this.strideCount += taken;
		if (this.strideCount > this.stride) {
			adaptStride(now);
		}
		return taken;
	}

	/** Quicker traffic lengthens the stride step by step, slower shortens it at once. */
	private void adaptStride(long now) {
		double perInterval = (double) this.strideCount * this.interval / Math.max(1, now - this.strideStart);
		this.stride = (long) Math.max(1, Math.min(Math.min(perInterval, 2.0 * this.stride), LONGEST_STRIDE));
		this.strideStart = now;
		this.strideCount = 0;
	}

	/**
	 * Set how many may be counted apart. Under the lock.
	 * @param beforeDecision how many before a decision can change, at least 0
	 * @param watched whether the demand matters at present
	 */
	void allow(long beforeDecision, boolean watched) {
		long allowed = (watched && this.interval > 0) ? Math.min(beforeDecision, this.stride) : beforeDecision;
		if (this.allowed != allowed) {
			this.allowed = allowed;
		}
	}

}
