package dev.servicepool.sizing;

/**
 * The demand on a pool in the recent past: how many requests were in flight or waiting at
 * most, and when the pool last had no service to spare.
 * <p>
 * The past is kept in slices of equal length, each with its peak, so a peak over a window
 * is over that window rounded up to whole slices. Every operation but the reading of a
 * peak takes constant time. While nobody looks, the demand is taken to go on as it was.
 * <p>
 * Not safe for use by several threads. Times are in nanoseconds, from any origin, and may
 * overflow; they must not go backwards.
 */
public final class DemandHistory {

	private final long slice;

	/** The peak of each slice, as a ring; {@link #head} is the slice of the present. */
	private final int[] peaks;

	private int head;

	/** The demand as it was seen last. */
	private int last;

	/** When the slice of the present began. */
	private long headStart;

	/** When the pool last had less than one service to spare. */
	private long lastTight;

	/**
	 * Begin without any demand.
	 * @param sliceNanos the length of a slice, at least 1
	 * @param slices how many full slices to remember, at least 1
	 * @param now the time
	 */
	public DemandHistory(long sliceNanos, int slices, long now) {
		this.slice = sliceNanos;
		this.peaks = new int[slices + 1];
		this.headStart = now;
		this.lastTight = now;
	}

	/**
	 * Take in how many requests there are.
	 * @param demand those in flight and waiting, at least 0
	 * @param now the time
	 */
	public void observe(int demand, long now) {
		advance(now);
		this.last = demand;
		this.peaks[this.head] = Math.max(this.peaks[this.head], demand);
	}

	/**
	 * A caller found fewer than two services ready.
	 * @param now the time
	 */
	public void tight(long now) {
		this.lastTight = now;
	}

	/**
	 * Return the greatest demand of a window that ends now.
	 * @param window its length, at most that of all slices to remember
	 * @param now the time
	 * @return at least 0
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
	 * Whether the demand of a window that ends now would have fitted.
	 * @param capacity how many requests fit; {@link Long#MAX_VALUE} if there is no limit:
	 * then every caller must have found two services ready
	 * @param window the length of the window, at most that of all slices to remember
	 * @param now the time
	 * @return whether it would have
	 */
	public boolean fits(long capacity, long window, long now) {
		return (capacity == Long.MAX_VALUE) ? now - this.lastTight >= window : peak(window, now) <= capacity;
	}

	/**
	 * Begin new slices up to the present. What was seen last may have gone on meanwhile.
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
