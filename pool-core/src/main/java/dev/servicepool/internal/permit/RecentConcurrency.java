package dev.servicepool.internal.permit;

/**
 * Maximum number of concurrent requests of one service in the last one to two periods. If
 * each request has a connection of its own, the client has about as many open
 * connections.
 */
public final class RecentConcurrency {

	/**
	 * The maximum of this period. Written and read by any thread; if an update is lost,
	 * the next request repeats it.
	 */
	private int current;

	/** The maximum of the last period. Written under the lock, read by any thread. */
	private int previous;

	/**
	 * Record that a request has begun. Any thread.
	 * @param inFlight the number of requests in flight
	 */
	public void record(int inFlight) {
		if (inFlight > this.current) {
			this.current = inFlight;
		}
	}

	/**
	 * Begin the next period. Under the lock.
	 * @param inFlight the number of requests in flight
	 */
	public void endPeriod(int inFlight) {
		this.previous = this.current;
		this.current = inFlight;
	}

	/**
	 * Return the maximum number of concurrent requests. Any thread.
	 * @return the maximum, or 1 if there were no requests
	 */
	public int max() {
		return Math.max(1, Math.max(this.current, this.previous));
	}

}
