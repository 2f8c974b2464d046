package dev.servicepool.benchmarks.run;

/**
 * Titles of the tables that the bars refer to. The results use these titles as keys.
 */
final class Titles {

	static final String IDLE = "8 Services, Idle, 1 Thread";

	static final String IDLE_PAIR = "8 Services, Idle, 2 Threads";

	static final String CLOCK = "Two Readings of the Clock";

	static final String MANY = "1,024 Services, Idle, 1 Thread";

	static final String MANY_BUSY = "1,024 Services, 95% Busy, 1 Thread";

	static final String WAITING_CALLERS = "8 Services, 64 Threads, Callers Wait";

	static final String ACTIVE_LEASES = "8 Services, 64 Threads, Leases of 1 ms";

	static final String LEASE = "One Lease";

	static final String CALL = "One Call with a Stub Client, 1 Thread";

	static final String APPLICATION = "Application with 100 Pools";

	private Titles() {
	}

}
