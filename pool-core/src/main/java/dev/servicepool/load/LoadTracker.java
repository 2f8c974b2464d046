package dev.servicepool.load;

/**
 * The load of one service. Called by any number of threads at once; must not block.
 */
public interface LoadTracker {

	/**
	 * A request was given to the service.
	 * @param now the time in nanoseconds
	 */
	void started(long now);

	/**
	 * A request that had started has its response, or will never have one. Called once
	 * for each start.
	 * @param startedAt the time given to {@link #started}
	 * @param now the time in nanoseconds
	 * @param outcome what became of the request
	 */
	void completed(long startedAt, long now, Outcome outcome);

	/**
	 * A request has failed whose response had begun. Does nothing by default.
	 * @param now the time in nanoseconds
	 */
	default void failedAfterResponse(long now) {
	}

	/**
	 * The service takes requests again after it was set aside for its failures: what
	 * those cost is to be forgotten. Does nothing by default.
	 * @param now the time in nanoseconds
	 */
	default void readmitted(long now) {
	}

	/**
	 * Return the load of the service.
	 * @param now the time in nanoseconds
	 * @param pending the number of requests in flight, at least 0
	 * @return the load, at least 0, in a unit that all gauges of one metric share
	 */
	double load(long now, int pending);

	/** What became of a request, as far as the load of its service is concerned. */
	enum Outcome {

		/** Its response began. */
		RESPONDED,

		/** It failed before a response began. */
		FAILED,

		/** Nothing is known of it: it says nothing of the service. */
		UNKNOWN

	}

}
