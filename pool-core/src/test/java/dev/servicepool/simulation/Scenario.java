package dev.servicepool.simulation;

/**
 * What a pool has to cope with. Written by its author before the simulation starts, then
 * only read.
 */
final class Scenario {

	/** What it is called in the report. */
	final String name;

	/** The offered load; requests come at random. */
	final Traffic traffic;

	/** The greatest offered load. */
	final double peak;

	/** How long it lasts. */
	final int seconds;

	/** How many seconds are not counted. */
	int warmUp = 60;

	/** How many requests a service takes at a time. */
	int limit = 10;

	Work work = Work::exponential;

	/** How many requests come at once in the beginning, and never again. */
	int wall;

	/** How long making a service takes, in seconds. */
	double creationSeconds = 0.1;

	/** The share of makes that fail. */
	double creationsFailing;

	/** How many targets there are. */
	int targets = 1;

	/** Whether one of them takes 2 s for each request. */
	boolean oneIsSlow;

	/** The part that is drawn, in seconds. */
	double chartFrom;

	/** The part that is drawn, in seconds. */
	double chartTo;

	/** The times, in seconds, of changes that the pool has to recover from. */
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

	Scenario wall(int requests, int limit) {
		this.wall = requests;
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

	Scenario disturbedAt(double... seconds) {
		this.disturbances = seconds;
		return this;
	}

	/** Return how many services let at most one caller in a hundred wait at the peak. */
	int erlangServices() {
		double requests = (this.wall > 0) ? this.wall : this.peak * this.limit;
		return (this.wall > 0) ? (int) Math.ceil(requests / this.limit) : ErlangC.services(this.peak, this.limit);
	}

}
