package dev.servicepool.internal.sizing;

/**
 * Vetoes the removal of a service that was needed recently. A low load estimate only
 * indicates that services were ready. The peak demand in a window shows whether one
 * service fewer would have been enough.
 * <p>
 * The guard adapts its window. If the load requires a new service within three windows
 * after a removal, the window is doubled, to at most {@value #MOST} times the configured
 * window. If three windows pass and no new service is required, the window is halved, but
 * not below the configured window.
 * <p>
 * If the callers come so slowly that the ready samples before a low load estimate took
 * longer than the window, the demand of their time counts, up to {@value #MOST} windows.
 * If the samples took even longer, the {@linkplain #isTrafficSlow traffic is slow}.
 * <p>
 * Source: designed for this project, to address a known weakness of {@code balance::Pool}
 * of the Rust library tower. At constant load, the pool of tower repeatedly removes a
 * service that it needs, and then creates a new one.
 * <p>
 * Guarded by the lock of the pool. Times are in nanoseconds from any origin, and may
 * overflow. They must not go backwards.
 */
public final class HeadroomGuard {

	/** The maximum window, as a multiple of the configured window. */
	public static final int MOST = 8;

	/**
	 * The number of windows after which a removal is confirmed, if the load requires no
	 * new service during this time.
	 */
	private static final int PROOF_WINDOWS = 3;

	private static final int SLICES_PER_WINDOW = 10;

	/** The maximum window that can be multiplied without overflow: several years. */
	private static final long LONGEST = Long.MAX_VALUE / (4 * MOST);

	private final long configured;

	private final DemandHistory history;

	private long window;

	/**
	 * Whether the last removal is still unproven: it is not confirmed yet, and the load
	 * has required no new service since then.
	 */
	private boolean removalUnproven;

	private long removedAt;

	/**
	 * Whether all callers have found a service ready since {@link #servedSince}.
	 */
	private boolean serving;

	private long servedSince;

	/**
	 * Create a guard with the configured window.
	 * @param windowNanos the window in nanoseconds; 0 turns the guard off
	 * @param now the time
	 */
	public HeadroomGuard(long windowNanos, long now) {
		this.configured = Math.min(windowNanos, LONGEST);
		this.window = this.configured;
		this.history = new DemandHistory(Math.max(1, this.window / SLICES_PER_WINDOW), MOST * SLICES_PER_WINDOW, now);
	}

	/**
	 * Return whether the guard is on.
	 * @return {@code false} if the configured window is 0
	 */
	public boolean isOn() {
		return this.configured > 0;
	}

	/**
	 * Return the configured window.
	 * @return the window in nanoseconds, 0 if the guard is off
	 */
	public long configured() {
		return this.configured;
	}

	/**
	 * Return the observed demand.
	 * @return the demand on the pool
	 */
	public DemandHistory history() {
		return this.history;
	}

	/**
	 * Return whether a service may be removed.
	 * @param capacity the number of concurrent requests that the remaining services
	 * accept; {@link Long#MAX_VALUE} if there is no limit
	 * @param now the time
	 * @return {@code true} if the guard is off, or if the demand in the window would have
	 * fit into the remaining services
	 */
	public boolean allowsRemoval(long capacity, long now) {
		return !isOn() || this.history.fits(capacity, observedWindow(now), now);
	}

	/**
	 * Record that callers found a service ready.
	 * @param now the time
	 */
	public void served(long now) {
		if (!this.serving) {
			this.serving = true;
			this.servedSince = now;
		}
	}

	/**
	 * Return whether the callers come so slowly that the ready samples before a low load
	 * estimate took longer than {@value #MOST} windows. Such a time contains only a few
	 * peaks, and the next peak may be higher.
	 * @param now the time
	 * @return {@code false} if the guard is off
	 */
	public boolean isTrafficSlow(long now) {
		return isOn() && this.serving && now - this.servedSince > MOST * this.configured;
	}

	/** Record that the next caller who finds a service ready begins a new series. */
	public void endSeries() {
		this.serving = false;
	}

	/**
	 * Return the time whose peak demand must fit into the remaining services: the window
	 * or, if this is longer, the time of the current series of ready samples.
	 * @param now the time
	 * @return the time in nanoseconds, at most {@value #MOST} times the configured window
	 */
	public long observedWindow(long now) {
		long series = this.serving ? Math.min(now - this.servedSince, MOST * this.configured) : 0;
		return Math.max(window(now), series);
	}

	/**
	 * Record the removal of a service.
	 * @param now the time
	 */
	public void removed(long now) {
		confirmRemoval(now);
		this.removalUnproven = true;
		this.removedAt = now;
	}

	/**
	 * Record the creation of a service because of load.
	 * @param now the time
	 */
	public void scaledUp(long now) {
		confirmRemoval(now);
		if (this.removalUnproven) {
			this.removalUnproven = false;
			this.window = Math.min(2 * this.window, MOST * this.configured);
		}
	}

	/**
	 * Return the current window.
	 * @param now the time
	 * @return the window in nanoseconds, from the configured window to {@value #MOST}
	 * times the configured window
	 */
	public long window(long now) {
		return hasRemovalStood(now) ? Math.max(this.window / 2, this.configured) : this.window;
	}

	/** Return whether the last removal is old enough to halve the window. */
	private boolean hasRemovalStood(long now) {
		return this.removalUnproven && now - this.removedAt > PROOF_WINDOWS * this.window;
	}

	private void confirmRemoval(long now) {
		if (hasRemovalStood(now)) {
			this.window = window(now);
			this.removalUnproven = false;
		}
	}

	/**
	 * Return the peak demand in the window.
	 * @param now the time
	 * @return the peak demand, at least 0
	 */
	public int peak(long now) {
		return this.history.peak(window(now), now);
	}

}
