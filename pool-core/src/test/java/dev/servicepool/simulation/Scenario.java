package dev.servicepool.simulation;

import dev.servicepool.PoolSettings;

/**
 * The traffic and the conditions of a simulation. Its creator sets the fields before the
 * simulation starts. After that, they are only read.
 */
final class Scenario {

	/** Name in the report. */
	final String name;

	/** Offered load; requests arrive at random. */
	final Traffic traffic;

	/** Highest offered load. */
	final double peak;

	/** Duration in seconds. */
	final int seconds;

	/** Initial time that the figures exclude, in seconds. */
	int warmUp = 60;

	/** Maximum number of concurrent requests per service. */
	int limit = 10;

	Work work = Work::exponential;

	/** Mean time of a request, in seconds. */
	double meanSeconds = Work.MEAN;

	/** Maximum number of waiting callers. */
	int maxWaiting = Integer.MAX_VALUE;

	/** Maximum time that a caller waits, in seconds. */
	double acquireSeconds = Double.POSITIVE_INFINITY;

	/** Number of requests that arrive concurrently at the start. */
	int burst;

	/** Time to create a service, in seconds. */
	double creationSeconds = 0.1;

	/** Share of creations that fail. */
	double creationsFailing;

	/** Number of targets. */
	int targets = 1;

	/** Whether one target needs 2 s for each request. */
	boolean oneIsSlow;

	/** How one service per second is replaced. */
	Replacement replacement = Replacement.NONE;

	/** Start of the period in the chart, in seconds. */
	double chartFrom;

	/** End of the period in the chart, in seconds. */
	double chartTo;

	/** Times of the changes from which the pool has to recover, in seconds. */
	double[] disturbances = {};

	Scenario(String name, Traffic traffic, double peak, int seconds) {
		this.name = name;
		this.traffic = traffic;
		this.peak = peak;
		this.seconds = seconds;
		this.chartTo = seconds;
	}

	static Scenario constant(double load, int seconds) {
		String name = "constant " + ((load == (long) load) ? String.valueOf((long) load) : String.valueOf(load));
		return new Scenario(name, Traffic.constant(load), load, seconds).chart(60, 120);
	}

	Scenario chart(double from, double to) {
		this.chartFrom = from;
		this.chartTo = to;
		return this;
	}

	Scenario warmUp(int seconds) {
		this.warmUp = seconds;
		return this;
	}

	Scenario work(Work work) {
		this.work = work;
		return this;
	}

	/** Set the mean time of a request, in seconds. */
	Scenario requests(double meanSeconds) {
		this.meanSeconds = meanSeconds;
		this.work = Work.exponential(meanSeconds);
		return this;
	}

	/** Set the mean time of a request, and the limits of pools of HTTP clients. */
	Scenario http(double meanSeconds) {
		this.limit = 20;
		this.maxWaiting = PoolSettings.DEFAULT_MAX_WAITING;
		this.acquireSeconds = PoolSettings.DEFAULT_ACQUIRE_TIMEOUT_SECONDS;
		return requests(meanSeconds);
	}

	Scenario burst(int requests, int limit) {
		this.burst = requests;
		this.limit = limit;
		return this;
	}

	Scenario creations(double seconds, double failing) {
		this.creationSeconds = seconds;
		this.creationsFailing = failing;
		return this;
	}

	Scenario oneSlowOf(int targets) {
		this.targets = targets;
		this.oneIsSlow = true;
		return this;
	}

	Scenario replacing(Replacement replacement) {
		this.replacement = replacement;
		return this;
	}

	/** Return the mean number of requests per second at the peak. */
	double requestsPerSecond() {
		return this.peak * this.limit / this.meanSeconds;
	}

	Scenario disturbedAt(double... seconds) {
		this.disturbances = seconds;
		return this;
	}

	/**
	 * Return the number of services for which at most 1 % of callers wait at the peak.
	 */
	int erlangServices() {
		double requests = (this.burst > 0) ? this.burst : this.peak * this.limit;
		return (this.burst > 0) ? (int) Math.ceil(requests / this.limit) : ErlangC.services(this.peak, this.limit);
	}

}
