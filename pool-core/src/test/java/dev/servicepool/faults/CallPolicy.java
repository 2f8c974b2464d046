package dev.servicepool.faults;

/**
 * The way in which a client handles single calls.
 *
 * @param retries the maximum number of further attempts of a call that fails
 * @param deadline the maximum duration of a call, in seconds
 * @param hedge the server to which a call is sent a second time if it takes long
 */
record CallPolicy(int retries, double deadline, Hedge hedge) {

	/**
	 * The server to which a call is sent a second time, when it has taken longer than 95
	 * % of the recent calls.
	 */
	enum Hedge {

		/** The call is not sent a second time. */
		NONE,

		/** The server of the first attempt. */
		SAME_SERVER,

		/** Another server, which the pool selects. */
		OTHER_SERVER

	}

	CallPolicy(int retries, double deadline) {
		this(retries, deadline, Hedge.NONE);
	}

	static CallPolicy hedging(Hedge hedge) {
		return new CallPolicy(1, Double.POSITIVE_INFINITY, hedge);
	}

	/** One attempt without a deadline. */
	static final CallPolicy ONE_ATTEMPT = new CallPolicy(0, Double.POSITIVE_INFINITY);

	/** One further attempt, as for pools of HTTP clients. */
	static final CallPolicy RETRY = new CallPolicy(1, Double.POSITIVE_INFINITY);

}
