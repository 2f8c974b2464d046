package dev.servicepool.simulation;

/**
 * How many of a number of servers must be there so that few callers wait, if callers come
 * at random and take a random, exponentially distributed time.
 * <p>
 * Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of
 * significance in automatic telephone exchanges", 1917.
 */
final class ErlangC {

	private ErlangC() {
	}

	/**
	 * Return the share of callers that have to wait.
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
	 * Return the least number of services with which at most one caller in a hundred
	 * waits.
	 * @param load the offered load in services' worth
	 * @param limit how many requests one service takes at a time
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
