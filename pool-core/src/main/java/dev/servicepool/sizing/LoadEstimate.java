package dev.servicepool.sizing;

/**
 * How loaded a pool is: an exponential moving average of samples, each 0 if a service was
 * ready when the pool was asked for one and 1 if none was, and the {@link LoadLevel} that
 * follows from it.
 * <p>
 * With the weight {@code a}, a ready sample makes of the estimate {@code e} the value
 * {@code (1-a)e} and a pending one {@code a+(1-a)e}. A run of n ready samples is
 * {@code (1-a)^n e} in one step.
 * <p>
 * Source: {@code balance::Pool} of the Rust library tower.
 * <p>
 * Not safe for use by several threads.
 */
public final class LoadEstimate {

	private final double initial;

	private final double underutilizedBelow;

	private final double loadedAbove;

	private final double urgency;

	private double value;

	private double raised;

	private LoadLevel level = LoadLevel.NORMAL;

	/**
	 * Start at {@code initial}.
	 * @param initial where the estimate starts, in [underutilizedBelow, loadedAbove]
	 * @param underutilizedBelow the value below which the level is low, in [0, 1]
	 * @param loadedAbove the value above which the level is high, in [0, 1]
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
	 * @return a value in [0, loadedAbove]
	 */
	public double value() {
		return this.value;
	}

	/**
	 * Return what the last sample came to, before it was clamped.
	 * @return a value in [0, 1]
	 */
	public double raised() {
		return this.raised;
	}

	/**
	 * Return the level that the last sample led to.
	 * @return the level
	 */
	public LoadLevel level() {
		return this.level;
	}

	/**
	 * Take in a number of ready samples.
	 * @param count how many, at least 0
	 * @return the new level, which is not high
	 */
	public LoadLevel ready(long count) {
		if (count > 0) {
			this.value *= (count == 1) ? 1 - this.urgency : Math.pow(1 - this.urgency, count);
			this.raised = this.value;
			this.level = (this.value < this.underutilizedBelow) ? LoadLevel.LOW : LoadLevel.NORMAL;
		}
		return this.level;
	}

	/**
	 * Take in a pending sample. An estimate above {@code loadedAbove} is clamped to it.
	 * @return the new level, which is not low
	 */
	public LoadLevel pending() {
		this.value = this.urgency + (1 - this.urgency) * this.value;
		this.raised = this.value;
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
	 * Return how many ready samples can come in a row, at least, before the level is low.
	 * @return at least 0, and at most two less than the exact number;
	 * {@link Long#MAX_VALUE} if it never will be
	 */
	public long readiesBeforeLow() {
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
		// Rounding may be off by one either way; the last steps are taken one by one.
		return Math.max(0, (long) exact - 1);
	}

	/**
	 * Start again at {@code initial}, with a normal level: the low level had its effect.
	 */
	public void reset() {
		this.value = this.initial;
		this.level = LoadLevel.NORMAL;
	}

	/** Forget the level, but not the estimate: a service has just been made. */
	public void settled() {
		this.level = LoadLevel.NORMAL;
	}

}
