package dev.servicepool.internal.outlier;

/**
 * Number of requests that the only connection of a service has carried. Many servers end
 * each connection after the same number of requests, and balanced services reach this
 * number at about the same time. A request that was lost with one connection should
 * therefore not be sent over another connection that is about to end.
 */
public final class ConnectionAge {

	/**
	 * A connection is younger than another one if it has carried at most this share of
	 * its requests.
	 */
	private static final double YOUNGER = 0.8;

	/**
	 * The number of requests before the connection. Written under the lock, read by any
	 * thread.
	 */
	private volatile long before;

	/**
	 * The number of requests of the previous connection. Written under the lock, read by
	 * any thread.
	 */
	private volatile long previous;

	/**
	 * Record that the connection has ended. Under the lock.
	 * @param requests the number of requests of the service so far
	 * @return the number of requests that the connection has carried
	 */
	public long ended(long requests) {
		long carried = requests - this.before;
		this.previous = carried;
		this.before = requests;
		return carried;
	}

	/**
	 * Return whether the connection is younger than the previous one of another service.
	 * Any thread.
	 * @param requests the number of requests of the service so far
	 * @param other the age of the connections of the other service
	 */
	public boolean isYounger(long requests, ConnectionAge other) {
		return requests - this.before <= other.previous * YOUNGER;
	}

}
