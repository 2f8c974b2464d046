package dev.servicepool.internal.permit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Determines when ready samples without the lock must be added to the load estimate. Each
 * service counts its samples in a {@link SampleCursor}. Two limits apply to the number of
 * samples that are not added yet. One is the number of samples that cannot change a
 * decision. The other one is a stride, which ensures that the demand is sampled often
 * enough at any traffic.
 * <p>
 * The budget is the number of samples that may pass. Services draw from it in batches, so
 * that callers of different services rarely write to the same memory location. No
 * decision is late, but services may have up to a quarter of the budget left when samples
 * are due.
 */
public final class SampleBudget {

	/** The maximum stride, so that a decrease in traffic is detected soon. */
	private static final long LONGEST_STRIDE = 256;

	/** The batch of a service if the budget is unlimited. */
	private static final long UNLIMITED_BATCH = 1L << 48;

	/** The number of batches per service into which the budget is divided. */
	private static final int BATCHES = 4;

	/**
	 * The interval at which the demand must be sampled, in nanoseconds; 0 if never.
	 * Guarded by the lock.
	 */
	private long interval;

	/** The remaining budget, without the batches that services have drawn. Any thread. */
	private final AtomicLong left = new AtomicLong();

	/** The size of a batch. Written under the lock, read by any thread. */
	private volatile long batch = 1;

	/** The last budget. Guarded by the lock. */
	private long allowed;

	/** Whether samples were added since the budget was set. Guarded by the lock. */
	private boolean used;

	/** The approximate number of samples per interval. Guarded by the lock. */
	private long stride = 1;

	/** The time at which the current stride began. Guarded by the lock. */
	private long strideStart;

	/**
	 * The number of samples that were added in the current stride. Guarded by the lock.
	 */
	private long strideCount;

	public SampleBudget(long interval, long now) {
		this.interval = interval;
		this.strideStart = now;
	}

	/** Set the interval at which the demand must be sampled. Under the lock. */
	public void interval(long interval) {
		this.interval = interval;
	}

	/**
	 * Check the budget after a service has admitted a request. Any thread.
	 * @return whether the samples must be added to the load estimate now
	 */
	public boolean isDue(Permits permits) {
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

	/** Record that samples were added to the load estimate. Under the lock. */
	public void samplesAdded(long samples, long now) {
		this.used |= samples != 0;
		this.strideCount += samples;
		if (this.strideCount > this.stride) {
			adaptStride(now);
		}
	}

	/**
	 * Adapt the stride: faster traffic lengthens it step by step, slower traffic shortens
	 * it immediately.
	 */
	private void adaptStride(long now) {
		double perInterval = (double) this.strideCount * this.interval / Math.max(1, now - this.strideStart);
		this.stride = (long) Math.max(1, Math.min(Math.min(perInterval, 2.0 * this.stride), LONGEST_STRIDE));
		this.strideStart = now;
		this.strideCount = 0;
	}

	/**
	 * Set the budget. Under the lock.
	 * @param beforeDecision the number of samples that cannot change a decision, at least
	 * 0
	 * @param watched whether the demand is relevant at present
	 * @param services the number of services that share the budget
	 * @return whether the services must return the batches they have drawn
	 */
	public boolean allow(long beforeDecision, boolean watched, int services) {
		long allowed = (watched && this.interval > 0) ? Math.min(beforeDecision, this.stride) : beforeDecision;
		if (allowed == this.allowed && (!this.used || allowed == Long.MAX_VALUE)) {
			return false;
		}
		this.allowed = allowed;
		this.used = false;
		this.batch = Math.min(UNLIMITED_BATCH, Math.max(1, allowed / BATCHES / Math.max(1, services)));
		this.left.set(allowed);
		return true;
	}

}
