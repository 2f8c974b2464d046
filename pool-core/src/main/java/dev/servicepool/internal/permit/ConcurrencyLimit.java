package dev.servicepool.internal.permit;

import java.time.Duration;

/**
 * Concurrency limit of one service. It is as configured, but lower after refused requests
 * or while requests in flight occupy more than one permit. It is 1 while the service is
 * cold. Guarded by the lock.
 */
public final class ConcurrencyLimit {

	/** The time after which a learned limit is raised. */
	private static final long RAISE_INTERVAL = Duration.ofSeconds(10).toNanos();

	/** The time for which a learned limit indicates the limit of other services. */
	private static final long RECENT = Duration.ofSeconds(60).toNanos();

	/**
	 * The number of other requests in flight from which on a refused request indicates
	 * the limit of other services.
	 */
	private static final int MIN_OTHERS = 2;

	private final Permits permits;

	private int configured;

	/** Written under the lock, read by any thread. */
	private volatile int learned;

	/**
	 * The permits that requests occupy in addition to their own. The value may be
	 * negative for a moment, if a request ends while another thread records what it
	 * occupies.
	 */
	private int occupied;

	/** The time at which the learned limit last changed. */
	private long changedAt;

	/** The number of permits by which the next raise raises the learned limit. */
	private int step = 1;

	/** Whether the last refused request indicates the limit of other services. */
	private boolean indicative;

	/** The time at which it was refused. */
	private long indicatedAt;

	/** Written under the lock, read by any thread. */
	private volatile boolean cold;

	/** Whether only a response ends the cold state. */
	private boolean coldUntilResponse;

	public ConcurrencyLimit(Permits permits) {
		this.permits = permits;
		this.configured = permits.limit();
		this.learned = this.configured;
	}

	/** Return the limit of the service once it is warm. */
	public int whenWarm() {
		return Math.max(1, this.learned - Math.max(0, this.occupied));
	}

	/**
	 * Return the learned limit: the number of concurrent requests that the service is
	 * known to accept.
	 */
	public int learned() {
		return this.learned;
	}

	/** Return whether the learned limit is lower than configured. */
	public boolean isLowered() {
		return this.learned < this.configured;
	}

	/**
	 * Return the number of permits that correspond to a share of the service. Any thread.
	 * @param share the share, from 0 to 1
	 * @return the number of permits, 0 if the service has no limit
	 */
	public int permits(double share) {
		int learned = this.learned;
		return (learned < Permits.MOST) ? (int) Math.round(share * learned) : 0;
	}

	/** Record that requests in flight occupy more permits, or fewer if negative. */
	public void occupy(int permits) {
		this.occupied += permits;
		apply();
	}

	/**
	 * Set the configured limit. A learned limit that is lower remains.
	 * @param limit the limit, at least 1
	 */
	public void configure(int limit) {
		boolean lowered = isLowered();
		this.configured = Math.min(limit, Permits.MOST);
		this.learned = lowered ? Math.min(this.learned, this.configured) : this.configured;
		apply();
	}

	/**
	 * Forget the learned limit.
	 * @return whether it was lower than configured
	 */
	public boolean forget() {
		boolean lowered = isLowered();
		this.learned = this.configured;
		this.indicative = false;
		this.step = 1;
		apply();
		return lowered;
	}

	/** Start with the limit that other services have learned, if it is lower. */
	public void startWith(int limit, long now) {
		if (limit < this.learned) {
			learn(limit, now);
		}
	}

	/**
	 * Lower the learned limit because the service refused a request. A request that was
	 * refused alone teaches nothing.
	 * @param others the number of the other requests in flight
	 * @return whether the limit has changed
	 */
	public boolean lower(int others, long now) {
		if (others == 0) {
			return false;
		}
		this.step = 1;
		if (others >= this.learned) {
			return false;
		}
		this.indicative = others >= MIN_OTHERS;
		this.indicatedAt = now;
		learn(others, now);
		return true;
	}

	/**
	 * Return whether the learned limit indicates the limit of other services of the same
	 * target, because this service has recently refused a request.
	 */
	public boolean isIndicative(long now) {
		return this.indicative && now - this.indicatedAt <= RECENT;
	}

	/**
	 * Raise the learned limit if it has not changed recently. Requires that all permits
	 * are in use, so that the last raise has succeeded. Each raise that succeeds doubles
	 * the step of the next one.
	 */
	public void raiseIfDue(long now) {
		if (isLowered() && !this.cold && now - this.changedAt >= RAISE_INTERVAL) {
			int step = Math.min(this.step, this.configured - this.learned);
			this.step = 2 * step;
			learn(this.learned + step, now);
		}
	}

	private void learn(int limit, long now) {
		this.learned = limit;
		this.changedAt = now;
		apply();
	}

	/**
	 * Return whether the service has not responded yet. Any thread.
	 * @return whether the service receives one request at a time until its first response
	 */
	public boolean isCold() {
		return this.cold;
	}

	/** Mark a service as cold that may have to establish a connection. */
	public void markCold() {
		this.cold = true;
		apply();
	}

	/** Mark a service as cold until it responds, because its server may be in trouble. */
	public void markColdUntilResponse() {
		this.coldUntilResponse = true;
		markCold();
	}

	/**
	 * Return whether the service is cold until it responds, and not only until it should
	 * have a connection. Under the lock.
	 */
	public boolean isColdUntilResponse() {
		return this.coldUntilResponse;
	}

	public void markWarm() {
		this.cold = false;
		this.coldUntilResponse = false;
		apply();
	}

	private void apply() {
		this.permits.limit(this.cold ? 1 : whenWarm());
	}

}
