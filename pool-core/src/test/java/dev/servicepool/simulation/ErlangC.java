package dev.servicepool.simulation;

/**
 * The number of servers that keeps the share of waiting callers small. Callers arrive at
 * random, and service times are exponentially distributed.
 * <p>
 * Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of
 * significance in automatic telephone exchanges", 1917.
 */
final class ErlangC {

	private ErlangC() {
	}

	/**
	 * Return the share of callers that wait.
	 * @param servers the number of servers, at least 1
	 * @param load the mean number of servers that are busy
	 * @return a value in [0, 1]
	 */
	static double waiting(int servers, double load) {
		if (load >= servers) {
			return 1;
		}
		double blocked = 1;
		for (int server = 1; server <= servers; server++) {
			blocked = load * blocked / (server + load * blocked);
		}
		return servers * blocked / (servers - load * (1 - blocked));
	}

	/**
	 * Return the smallest number of services for which at most 1 % of callers wait.
	 * @param load the offered load, in units of one service's capacity
	 * @param limit the maximum number of concurrent requests per service
	 * @return at least 1
	 */
	static int services(double load, int limit) {
		int services = 1;
		while (waiting(services * limit, load * limit) > 0.01) {
			services++;
		}
		return services;
	}

}
