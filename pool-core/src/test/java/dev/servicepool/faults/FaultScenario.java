package dev.servicepool.faults;

import java.util.List;

/**
 * What a client has to cope with.
 *
 * @param backends the servers
 * @param perSecond how many calls there are per second; they come at random
 * @param seconds for how long
 * @param timeout for how many seconds a call waits for its answer, once it was sent
 * @param acquireTimeout for how many seconds a caller waits for a service
 * @param limit how many requests a service gets at a time
 * @param maxWaiting how many callers may wait
 * @param bounded whether a backend works on no more requests at a time than a service
 * gets, whoever sends them
 */
record FaultScenario(List<Backend> backends, double perSecond, double seconds, double timeout, double acquireTimeout,
		int limit, int maxWaiting, boolean bounded) {

	/** A scenario with the default settings of a pool of HTTP clients. */
	static FaultScenario of(List<Backend> backends, double perSecond, double seconds, double timeout) {
		return new FaultScenario(backends, perSecond, seconds, timeout, 30, 20, 1000, false);
	}

	FaultScenario acquireTimeout(double seconds) {
		return new FaultScenario(this.backends, this.perSecond, this.seconds, this.timeout, seconds, this.limit,
				this.maxWaiting, this.bounded);
	}

	/** Backends that work on so many requests at a time and no more. */
	FaultScenario bounded(int limit, int maxWaiting) {
		return new FaultScenario(this.backends, this.perSecond, this.seconds, this.timeout, this.acquireTimeout, limit,
				maxWaiting, true);
	}

	FaultScenario perSecond(double perSecond) {
		return new FaultScenario(this.backends, perSecond, this.seconds, this.timeout, this.acquireTimeout, this.limit,
				this.maxWaiting, this.bounded);
	}

}
