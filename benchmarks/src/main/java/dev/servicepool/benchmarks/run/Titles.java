package dev.servicepool.benchmarks.run;

/**
 * The titles of the tables, which figures are looked up by.
 */
final class Titles {

	static final String IDLE = "8 services, idle, 1 thread";

	static final String IDLE_PAIR = "8 services, idle, 2 threads";

	static final String CLOCK = "Two readings of the clock";

	static final String MANY = "1,024 services, idle, 1 thread";

	static final String MANY_BUSY = "1,024 services, 95 % busy, 1 thread";

	static final String CROWD = "8 services, 64 threads: all busy, callers wait";

	static final String ACTIVE_LEASES = "8 services, 64 threads that hold them for 1 ms";

	static final String LEASE = "One lease";

	static final String CALL = "One call with a stub for a client, 1 thread";

	static final String APPLICATION = "An application with 100 pools";

	static final String BEYOND = "Linkerd's Beyond Round Robin: one of 11 backends turns slow";

	static final String DEMO = "The demo of tower's balancer, as its figures were published";

	private Titles() {
	}

}
