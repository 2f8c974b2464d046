package dev.servicepool.internal.permit;

import java.time.Duration;

/**
 * Concurrency limit of one service. It is as configured, but lower after refused requests
 * or while requests in flight occupy more than one permit. It is 1 while the service is
 * cold. Guarded by the lock.
 */
public final class ConcurrencyLimit {

	/** The time after which a learned limit is raised by one. */
	private static final long RAISE_INTERVAL = Duration.ofSeconds(10).toNanos();

	private final Permits permits;

	private final int configured;

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

	/** Written under the lock, read by any thread. */
	private volatile boolean cold;

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
	 * Lower the learned limit because the service refused one of the requests in flight.
	 * The refused request still has its permit during this call.
	 * @return whether the limit has changed
	 */
	public boolean lower(long now) {
		int sustained = Math.max(1, this.permits.inFlight() - 1);
		if (sustained >= this.learned) {
			return false;
		}
		learn(sustained, now);
		return true;
	}

	/** Raise the learned limit by one if it has not changed recently. */
	public void raiseIfDue(long now) {
		if (this.learned < this.configured && now - this.changedAt >= RAISE_INTERVAL) {
			learn(this.learned + 1, now);
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

	public void markCold() {
		this.cold = true;
		apply();
	}

	public void markWarm() {
		this.cold = false;
		apply();
	}

	private void apply() {
		this.permits.limit(this.cold ? 1 : whenWarm());
	}

}
