package dev.servicepool.internal.permit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Ready samples of one service, derived from its calls. Each call that any thread admits
 * while the service is open is a sample. Calls that are admitted under the lock are
 * sampled immediately, and are not counted here.
 */
public final class SampleCursor {

	/**
	 * The number of calls up to which callers need not check whether samples must be
	 * added. Any thread.
	 */
	private final AtomicLong mark = new AtomicLong();

	/** The number of calls up to which samples were counted. Guarded by the lock. */
	private long countedTo;

	/** The number of counted samples that were not collected yet. Guarded by the lock. */
	private long counted;

	/**
	 * Start counting, because the service opens after the given number of calls. Under
	 * the lock.
	 */
	public void opens(long calls) {
		this.countedTo = calls;
		this.mark.set(calls);
	}

	/**
	 * Count the samples up to the given number of calls of an open service. Under the
	 * lock.
	 */
	public void countTo(long calls) {
		this.counted += calls - this.countedTo;
		this.countedTo = calls;
	}

	/** Skip one call that is not a sample. Under the lock. */
	public void skipOne() {
		this.countedTo++;
	}

	/** Return the number of samples counted since the last call. Under the lock. */
	public long collect() {
		long collected = this.counted;
		this.counted = 0;
		return collected;
	}

	/**
	 * Return the number of samples that were not collected. Under the lock.
	 * @param calls the number of calls if the service is open, otherwise 0
	 */
	public long uncollected(long calls) {
		return this.counted + Math.max(0, calls - this.countedTo);
	}

	/**
	 * Return whether a call is past the mark, so that samples may have to be added. Any
	 * thread.
	 */
	public boolean isPastMark(long calls) {
		return calls > this.mark.get();
	}

	/** Raise the mark by a number of calls. Any thread. */
	public void raiseMark(long calls) {
		this.mark.getAndAdd(calls);
	}

	/** Lower the mark, so that the next call checks for samples. Under the lock. */
	public void lowerMark() {
		this.mark.set(this.countedTo);
	}

}
