package dev.servicepool.internal.sizing;

/**
 * Recent demand on a pool: the peak number of requests in flight or waiting, and the last
 * time without a spare service.
 * <p>
 * The history consists of slices of equal length, each with its peak. The window of a
 * peak is therefore rounded up to whole slices. Each operation except reading a peak
 * takes constant time. Between two samples, the demand is assumed to be constant.
 * <p>
 * Guarded by the lock of the pool. Times are in nanoseconds from any origin, and may
 * overflow. They must not go backwards.
 */
public final class DemandHistory {

	private final long slice;

	/** The peaks of the slices, as a ring; {@link #head} is the current slice. */
	private final int[] peaks;

	private int head;

	/** The last sample of the demand. */
	private int last;

	/** The time at which the current slice began. */
	private long headStart;

	/** The last time at which the pool had no spare service. */
	private long lastNoSpare;

	/**
	 * Create a history without demand.
	 * @param sliceNanos the length of a slice in nanoseconds, at least 1
	 * @param slices the number of full slices to keep, at least 1
	 * @param now the time
	 */
	public DemandHistory(long sliceNanos, int slices, long now) {
		this.slice = sliceNanos;
		this.peaks = new int[slices + 1];
		this.headStart = now;
		this.lastNoSpare = now;
	}

	/**
	 * Add a sample of the demand.
	 * @param demand the number of requests in flight and waiting, at least 0
	 * @param now the time
	 */
	public void observe(int demand, long now) {
		advance(now);
		this.last = demand;
		this.peaks[this.head] = Math.max(this.peaks[this.head], demand);
	}

	/**
	 * Record that a caller found fewer than two services ready.
	 * @param now the time
	 */
	public void recordNoSpare(long now) {
		this.lastNoSpare = now;
	}

	/**
	 * Return the peak demand in a window that ends now.
	 * @param window the length of the window in nanoseconds, at most the length of all
	 * slices
	 * @param now the time
	 * @return the peak demand, at least 0
	 */
	public int peak(long window, long now) {
		advance(now);
		int slices = (int) Math.min(this.peaks.length, (window - 1) / this.slice + 2);
		int peak = 0;
		for (int back = 0; back < slices; back++) {
			peak = Math.max(peak, this.peaks[Math.floorMod(this.head - back, this.peaks.length)]);
		}
		return peak;
	}

	/**
	 * Return whether the demand in a window that ends now would have fit into a capacity.
	 * If the capacity has no limit, the demand fits if every caller found at least two
	 * services ready.
	 * @param capacity the number of concurrent requests that fit; {@link Long#MAX_VALUE}
	 * if there is no limit
	 * @param window the length of the window in nanoseconds, at most the length of all
	 * slices
	 * @param now the time
	 * @return whether the demand would have fit
	 */
	public boolean fits(long capacity, long window, long now) {
		return (capacity == Long.MAX_VALUE) ? now - this.lastNoSpare >= window : peak(window, now) <= capacity;
	}

	/**
	 * Start new slices up to the current time. The last sample may have lasted until now.
	 */
	private void advance(long now) {
		long elapsed = now - this.headStart;
		if (elapsed < this.slice) {
			return;
		}
		long steps = elapsed / this.slice;
		this.headStart += steps * this.slice;
		for (long step = Math.min(steps, this.peaks.length); step > 0; step--) {
			this.head = (this.head + 1) % this.peaks.length;
			this.peaks[this.head] = this.last;
		}
	}

}
