package dev.servicepool.sizing;

/**
 * Vetoes the removal of a service that was needed a short while ago. A low load estimate
 * only says that services were ready; whether one less would still have been enough is
 * seen by the peak of the demand over a window.
 * <p>
 * The window learns by <em>regret</em>: if a service has to be made within three windows
 * of a removal, the window doubles, up to {@value #MOST} times the configured one; a
 * removal that has stood for three windows halves it again.
 * <p>
 * Source: the guard is this project's own answer to the known weakness of
 * {@code balance::Pool} of the Rust library tower, which at constant load removes a
 * service, finds that it was needed and makes it again, for ever.
 * <p>
 * Not safe for use by several threads. Times are in nanoseconds, from any origin, and may
 * overflow; they must not go backwards.
 */
public final class HeadroomGuard {

	/** How many times the configured window the window can become. */
	public static final int MOST = 8;

	/** How many windows a removal has to stand. */
	private static final int PATIENCE = 3;

	private static final int SLICES_PER_WINDOW = 10;

	/** The longest window that can be multiplied without overflow: some years. */
	private static final long LONGEST = Long.MAX_VALUE / (4 * MOST);

	private final long configured;

	private final DemandHistory history;

	private long window;

	/** Whether a removal has neither stood long enough nor been regretted yet. */
	private boolean removalUnproven;

	private long removedAt;

	/**
	 * Begin with the configured window.
	 * @param windowNanos the window; 0 for no guard
	 * @param now the time
	 */
	public HeadroomGuard(long windowNanos, long now) {
		this.configured = Math.min(windowNanos, LONGEST);
		this.window = this.configured;
		this.history = new DemandHistory(Math.max(1, this.window / SLICES_PER_WINDOW), MOST * SLICES_PER_WINDOW, now);
	}

	/**
	 * Return whether there is a guard.
	 * @return false if the configured window is 0
	 */
	public boolean isOn() {
		return this.configured > 0;
	}

	/**
	 * Return the configured window.
	 * @return nanoseconds, 0 for no guard
	 */
	public long configured() {
		return this.configured;
	}

	/**
	 * Return what the guard has seen.
	 * @return the demand on the pool
	 */
	public DemandHistory history() {
		return this.history;
	}

	/**
	 * Return whether a service may be removed.
	 * @param capacity how many requests fit into the services that would remain;
	 * {@link Long#MAX_VALUE} if there is no limit
	 * @param now the time
	 * @return true if the guard is off or what it has seen in its window would have
	 * fitted
	 */
	public boolean allowsRemoval(long capacity, long now) {
		return !isOn() || this.history.fits(capacity, window(now), now);
	}

	/**
	 * A service was removed.
	 * @param now the time
	 */
	public void removed(long now) {
		settle(now);
		this.removalUnproven = true;
		this.removedAt = now;
	}

	/**
	 * A service is made because the load is high.
	 * @param now the time
	 */
	public void scaledUp(long now) {
		settle(now);
		if (this.removalUnproven) {
			this.removalUnproven = false;
			this.window = Math.min(2 * this.window, MOST * this.configured);
		}
	}

	/**
	 * Return the window as it is now.
	 * @param now the time
	 * @return nanoseconds, from the configured window to {@value #MOST} times that
	 */
	public long window(long now) {
		return hasRemovalStood(now) ? Math.max(this.window / 2, this.configured) : this.window;
	}

	/** Whether the last removal has stood for long enough to halve the window. */
	private boolean hasRemovalStood(long now) {
		return this.removalUnproven && now - this.removedAt > PATIENCE * this.window;
	}

	private void settle(long now) {
		if (hasRemovalStood(now)) {
			this.window = window(now);
			this.removalUnproven = false;
		}
	}

	/**
	 * Return the greatest demand in the window.
	 * @param now the time
	 * @return at least 0
	 */
	public int peak(long now) {
		return this.history.peak(window(now), now);
	}

}
