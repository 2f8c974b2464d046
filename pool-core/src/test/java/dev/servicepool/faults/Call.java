package dev.servicepool.faults;

/**
 * One call and what became of it. Times in seconds since the start.
 */
final class Call {

	/** What became of a call. */
	enum Result {

		/** It is on its way. */
		OPEN,

		/** It was answered. */
		SUCCEEDED,

		/** It was sent, and failed. */
		FAILED,

		/** It was never sent. */
		REFUSED

	}

	final double arrived;

	/** To which of the backends it was sent; -1 if to none. */
	int backend = -1;

	/** When it was sent, or refused. */
	double sent;

	double ended;

	Result result = Result.OPEN;

	/** What its caller does then. */
	private final Runnable afterwards;

	Call(double arrived, Runnable afterwards) {
		this.arrived = arrived;
		this.afterwards = afterwards;
	}

	void sent(int backend, double now) {
		this.backend = backend;
		this.sent = now;
	}

	void ended(boolean failed, double now) {
		this.ended = now;
		this.result = failed ? Result.FAILED : Result.SUCCEEDED;
		this.afterwards.run();
	}

	void refused(double now) {
		this.sent = now;
		this.ended = now;
		this.result = Result.REFUSED;
		this.afterwards.run();
	}

	double waited() {
		return this.sent - this.arrived;
	}

	double elapsed() {
		return this.ended - this.arrived;
	}

}
