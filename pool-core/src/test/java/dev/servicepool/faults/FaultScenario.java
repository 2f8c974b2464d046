package dev.servicepool.faults;

import java.util.List;

/**
 * The traffic and the backends of a simulation.
 *
 * @param backends the servers
 * @param perSecond the mean number of calls per second, which arrive at random
 * @param seconds the duration of the traffic, in seconds
 * @param timeout the maximum time that a call waits for a response, in seconds
 * @param acquireTimeout the maximum time that a caller waits for a service, in seconds
 * @param limit the maximum number of concurrent requests to a service
 * @param maxWaiting the maximum number of waiting callers
 * @param bounded whether a backend processes at most {@code limit} requests concurrently,
 * for every client
 */
record FaultScenario(List<Backend> backends, double perSecond, double seconds, double timeout, double acquireTimeout,
		int limit, int maxWaiting, boolean bounded) {

	/** Create a scenario with the default settings of a pool of HTTP clients. */
	static FaultScenario of(List<Backend> backends, double perSecond, double seconds, double timeout) {
		return new FaultScenario(backends, perSecond, seconds, timeout, 30, 20, 1000, false);
	}

	FaultScenario acquireTimeout(double seconds) {
		return new FaultScenario(this.backends, this.perSecond, this.seconds, this.timeout, seconds, this.limit,
				this.maxWaiting, this.bounded);
	}

	/** Bound the number of requests that each backend processes concurrently. */
	FaultScenario bounded(int limit, int maxWaiting) {
		return new FaultScenario(this.backends, this.perSecond, this.seconds, this.timeout, this.acquireTimeout, limit,
				maxWaiting, true);
	}

	FaultScenario perSecond(double perSecond) {
		return new FaultScenario(this.backends, perSecond, this.seconds, this.timeout, this.acquireTimeout, this.limit,
				this.maxWaiting, this.bounded);
	}

}
