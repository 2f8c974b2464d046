package dev.servicepool;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Says when the ready samples that were let in without the lock are to be taken in. They
 * are counted for each service apart, see {@link SampleCursor}. Two things bound how many
 * may be left: the load estimate, which knows how many may pass before a decision could
 * change, and a stride, so that the demand is looked at often enough whatever the
 * traffic.
 * <p>
 * So many may then pass as are allowed, and services draw on that in batches. Thus the
 * callers of different services seldom write to the same place, and no decision is late;
 * when it is time, services may still have a quarter of it.
 */
final class SampleBudget {

	/** The longest stride, which lets slower traffic be noticed soon. */
	private static final long LONGEST_STRIDE = 256;

	/** The batches of a service, if any number is allowed. */
	private static final long ANY_NUMBER = 1L << 48;

	/** Into how many batches what is allowed is divided, for each service. */
	private static final int BATCHES = 4;

	/** How often the demand is to be looked at, in nanoseconds; 0 if not at all. */
	private final long interval;

	/** How many may pass beside those that services have drawn. Any thread. */
	private final AtomicLong left = new AtomicLong();

	/** How many a service draws at a time. Written under the lock, read by any thread. */
	private volatile long batch = 1;

	/** How many were allowed last. Guarded by the lock. */
	private long allowed;

	/** Whether some of those were taken in since. Guarded by the lock. */
	private boolean used;

	/** How many come in an interval, about. Guarded by the lock. */
	private long stride = 1;

	/** When the current stride began. Guarded by the lock. */
	private long strideStart;

	/** How many of the current stride were taken in. Guarded by the lock. */
	private long strideCount;

	SampleBudget(long interval, long now) {
		this.interval = interval;
		this.strideStart = now;
	}

	/**
	 * A service has let a request in. Any thread.
	 * @return whether the samples must be taken in now
	 */
	boolean isDue(Permits permits) {
		return permits.samples.isPastMark(permits.calls()) && !draw(permits.samples);
	}

	private boolean draw(SampleCursor samples) {
		long batch = this.batch;
		if (this.left.getAndAdd(-batch) < batch) {
			return false;
		}
		samples.raiseMark(batch);
		return true;
	}

	/** So many samples were taken in. Under the lock. */
	void folded(long samples, long now) {
		this.used |= samples != 0;
		this.strideCount += samples;
		if (this.strideCount > this.stride) {
			adaptStride(now);
		}
	}

	/** Quicker traffic lengthens the stride step by step, slower shortens it at once. */
	private void adaptStride(long now) {
		double perInterval = (double) this.strideCount * this.interval / Math.max(1, now - this.strideStart);
		this.stride = (long) Math.max(1, Math.min(Math.min(perInterval, 2.0 * this.stride), LONGEST_STRIDE));
		this.strideStart = now;
		this.strideCount = 0;
	}

	/**
	 * Set how many may pass. Under the lock.
	 * @param beforeDecision how many before a decision can change, at least 0
	 * @param watched whether the demand matters at present
	 * @param services among how many they are divided
	 * @return whether the services have to give back what they had drawn
	 */
	boolean allow(long beforeDecision, boolean watched, int services) {
		long allowed = (watched && this.interval > 0) ? Math.min(beforeDecision, this.stride) : beforeDecision;
		if (allowed == this.allowed && (!this.used || allowed == Long.MAX_VALUE)) {
			return false;
		}
		this.allowed = allowed;
		this.used = false;
		this.batch = Math.min(ANY_NUMBER, Math.max(1, allowed / BATCHES / Math.max(1, services)));
		this.left.set(allowed);
		return true;
	}

}
