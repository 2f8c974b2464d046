package dev.servicepool.internal.outlier;

/**
 * Service failures and successes of one service in the last interval, which consists of
 * the current half and the one before. The first half begins with the first failure in
 * the pool. The halves of all services of a pool begin at the same times. Guarded by the
 * lock.
 */
public final class CallWindow {

	/** The number of failures so far, whether their requests were sent again or not. */
	private long failures;

	private long failuresAtStart;

	private long successesAtStart;

	private long failuresAtHalf;

	private long successesAtHalf;

	/** Count a service failure. */
	public void failed() {
		this.failures++;
	}

	/**
	 * Begin the next half interval.
	 * @param successes the number of successes so far
	 */
	public void beginHalf(long successes) {
		this.failuresAtStart = this.failuresAtHalf;
		this.successesAtStart = this.successesAtHalf;
		this.failuresAtHalf = this.failures;
		this.successesAtHalf = successes;
	}

	/** Return the number of failures in the interval. */
	public long failures() {
		return this.failures - this.failuresAtStart;
	}

	/**
	 * Return the number of successes in the interval.
	 * @param successes the number of successes so far
	 */
	public long successes(long successes) {
		return successes - this.successesAtStart;
	}

}
