package dev.servicepool;

import java.time.Duration;

/**
 * How many requests a service gets at a time: as many as are configured, fewer if it has
 * refused some or if some of those in flight take more than one place, and one while it
 * is cold. Guarded by the pool's lock.
 */
final class ConcurrencyLimit {

	/** How long a learned limit stands before one more request is tried. */
	private static final long PROBE_NANOS = Duration.ofSeconds(10).toNanos();

	private final Permits permits;

	private final int configured;

	/** Written under the lock, read by any thread. */
	private volatile int learned;

	/**
	 * The places taken by requests beside one each. It may be below zero for a moment, if
	 * a request ends while it says that it takes more.
	 */
	private int occupied;

	/** When the learned limit was lowered or raised last. */
	private long changedAt;

	/** Written under the lock, read by any thread. */
	private volatile boolean cold;

	ConcurrencyLimit(Permits permits) {
		this.permits = permits;
		this.configured = permits.limit();
		this.learned = this.configured;
	}

	/** Return how many requests the service gets once it is warm. */
	int whenWarm() {
		return Math.max(1, this.learned - Math.max(0, this.occupied));
	}

	/** Return how many requests the service carries, as far as is known. */
	int learned() {
		return this.learned;
	}

	/**
	 * Return how many places a share of the service is. Any thread.
	 * @param share from 0 to 1
	 * @return 0 if the service has any number of places
	 */
	int permits(double share) {
		int learned = this.learned;
		return (learned < Permits.MOST) ? (int) Math.round(share * learned) : 0;
	}

	/** Some of the requests in flight take so many more places, or so many fewer. */
	void occupy(int permits) {
		this.occupied += permits;
		apply();
	}

	/**
	 * The service has refused one of the requests in flight: it takes fewer than that.
	 * Meanwhile the refused request still has its place.
	 * @return whether the limit has changed
	 */
	boolean lower(long now) {
		int carried = Math.max(1, this.permits.inFlight() - 1);
		if (carried >= this.learned) {
			return false;
		}
		learn(carried, now);
		return true;
	}

	/** Try whether the service takes one more by now, if it has not been tried lately. */
	void probe(long now) {
		if (this.learned < this.configured && now - this.changedAt >= PROBE_NANOS) {
			learn(this.learned + 1, now);
		}
	}

	private void learn(int limit, long now) {
		this.learned = limit;
		this.changedAt = now;
		apply();
	}

	/**
	 * Whether the service is to show by a first response that it is there. Any thread.
	 * @return whether it gets one request at a time until then
	 */
	boolean isCold() {
		return this.cold;
	}

	void cool() {
		this.cold = true;
		apply();
	}

	void warm() {
		this.cold = false;
		apply();
	}

	private void apply() {
		this.permits.limit(this.cold ? 1 : whenWarm());
	}

}
