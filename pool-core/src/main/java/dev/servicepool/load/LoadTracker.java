package dev.servicepool.load;

/**
 * Tracker of the load of one service. Any number of threads call it concurrently, and its
 * methods must not block.
 */
public interface LoadTracker {

	/**
	 * Record that a request starts.
	 * @param now the time in nanoseconds
	 */
	void started(long now);

	/**
	 * Record that the response to a request has begun, or that the request ended without
	 * a response. Called once for each call of {@link #started}.
	 * @param startedAt the time that was passed to {@code started}, in nanoseconds
	 * @param now the time in nanoseconds
	 * @param outcome the outcome of the request
	 */
	void completed(long startedAt, long now, Outcome outcome);

	/**
	 * Record that a request failed after its response had begun. Does nothing by default.
	 * @param now the time in nanoseconds
	 */
	default void failedAfterResponse(long now) {
	}

	/**
	 * Discard the effect of failures because the service was readmitted after an
	 * ejection. Does nothing by default.
	 * @param now the time in nanoseconds
	 */
	default void readmitted(long now) {
	}

	/**
	 * Return the load score of the service for a comparison with another service. Unlike
	 * {@link #load}, this method may change the load score of the next comparison.
	 * Returns {@code load} by default.
	 * @param now the time in nanoseconds
	 * @param pending the number of requests in flight, at least 0
	 * @return the load score, as {@link #load} returns it
	 */
	default double compare(long now, int pending) {
		return load(now, pending);
	}

	/**
	 * Return the load score of the service, and change nothing.
	 * @param now the time in nanoseconds
	 * @param pending the number of requests in flight, at least 0
	 * @return the load score, at least 0, in a unit that all load trackers of one metric
	 * share
	 */
	double load(long now, int pending);

	/** The outcomes of a request, as far as they affect the load of its service. */
	enum Outcome {

		/** The response began. */
		RESPONDED,

		/** The request failed before a response began. */
		FAILED,

		/** The outcome is unknown or does not concern the service. */
		UNKNOWN

	}

}
