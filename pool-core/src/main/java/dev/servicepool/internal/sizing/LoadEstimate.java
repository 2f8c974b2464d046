package dev.servicepool.internal.sizing;

import dev.servicepool.LoadLevel;

/**
 * Load estimate of a pool: an exponential moving average of samples, and the
 * {@link LoadLevel} that results from it. A sample is 0 if a caller found a service
 * ready, and 1 if it found none.
 * <p>
 * With the weight {@code a}, a ready sample changes the estimate {@code e} to
 * {@code (1-a)e}, and a pending sample changes it to {@code a+(1-a)e}. A series of n
 * ready samples changes the estimate to {@code (1-a)^n e}.
 * <p>
 * Source: {@code balance::Pool} of the Rust library tower.
 * <p>
 * Guarded by the lock of the pool.
 */
public final class LoadEstimate {

	private final double initial;

	private final double underutilizedBelow;

	private final double loadedAbove;

	private final double urgency;

	private double value;

	private double unclampedValue;

	private LoadLevel level = LoadLevel.NORMAL;

	/**
	 * Create an estimate.
	 * @param initial the initial estimate, in [underutilizedBelow, loadedAbove]
	 * @param underutilizedBelow the estimate below which the level is low, in [0, 1]
	 * @param loadedAbove the estimate above which the level is high, in [0, 1]
	 * @param urgency the weight of a sample, in [0, 1]
	 */
	public LoadEstimate(double initial, double underutilizedBelow, double loadedAbove, double urgency) {
		this.initial = initial;
		this.underutilizedBelow = underutilizedBelow;
		this.loadedAbove = loadedAbove;
		this.urgency = urgency;
		this.value = initial;
	}

	/**
	 * Return the estimate.
	 * @return the estimate, in [0, loadedAbove]
	 */
	public double value() {
		return this.value;
	}

	/**
	 * Return the estimate after the last sample, before it was limited to
	 * {@code loadedAbove}.
	 * @return the estimate, in [0, 1]
	 */
	public double unclampedValue() {
		return this.unclampedValue;
	}

	/**
	 * Return the level after the last sample.
	 * @return the level
	 */
	public LoadLevel level() {
		return this.level;
	}

	/**
	 * Return the estimate that would result from a number of ready samples.
	 * @param count the number of samples, at least 0
	 * @return the estimate, in [0, 1]
	 */
	public double valueAfter(long count) {
		return (count > 0) ? this.value * Math.pow(1 - this.urgency, count) : this.value;
	}

	/**
	 * Add a number of ready samples.
	 * @param count the number of samples, at least 0
	 * @return the new level, which is not high
	 */
	public LoadLevel ready(long count) {
		if (count > 0) {
			this.value *= (count == 1) ? 1 - this.urgency : Math.pow(1 - this.urgency, count);
			this.unclampedValue = this.value;
			this.level = (this.value < this.underutilizedBelow) ? LoadLevel.LOW : LoadLevel.NORMAL;
		}
		return this.level;
	}

	/**
	 * Add a pending sample. The new estimate is limited to {@code loadedAbove}.
	 * @return the new level, which is not low
	 */
	public LoadLevel pending() {
		this.value = this.urgency + (1 - this.urgency) * this.value;
		this.unclampedValue = this.value;
		if (this.value > this.loadedAbove) {
			this.value = this.loadedAbove;
			this.level = LoadLevel.HIGH;
		}
		else {
			this.level = LoadLevel.NORMAL;
		}
		return this.level;
	}

	/**
	 * Return how many consecutive ready samples can be added before the level may become
	 * low. The result may be less than the exact number, by at most 2.
	 * @return the number of samples, at least 0; {@link Long#MAX_VALUE} if the level is
	 * never low
	 */
	public long readySamplesBeforeLow() {
		if (this.underutilizedBelow == 0) {
			return Long.MAX_VALUE;
		}
		if (this.value < this.underutilizedBelow || this.urgency == 1) {
			return 0;
		}
		if (this.urgency == 0) {
			return Long.MAX_VALUE;
		}
		double exact = Math.log(this.underutilizedBelow / this.value) / Math.log1p(-this.urgency);
		// Rounding may be off by one in either direction. Callers add the last samples
		// one at a time.
		return Math.max(0, (long) exact - 1);
	}

	/**
	 * Reset the estimate to {@code initial} and the level to normal. Called after a low
	 * level has caused a removal or a veto.
	 */
	public void reset() {
		this.value = this.initial;
		this.level = LoadLevel.NORMAL;
	}

	/** Reset the level to normal and keep the estimate. Called when a creation ends. */
	public void clearLevel() {
		this.level = LoadLevel.NORMAL;
	}

}
