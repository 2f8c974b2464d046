package dev.servicepool.faults;

/**
 * One call and its result. Times are in seconds since the start.
 */
final class Call {

	/** The result of a call. */
	enum Result {

		/** The call has not ended. */
		OPEN,

		/** A backend has responded. */
		SUCCEEDED,

		/** The request was sent and failed. */
		FAILED,

		/** The pool has rejected the call, and no backend received it. */
		REJECTED

	}

	final double arrived;

	/** Index of the backend that received the request, or -1 if none did. */
	int backend = -1;

	/** Number of requests that backends received. */
	int requests;

	/** Time at which the call was last sent, or rejected. */
	double sent;

	double ended;

	Result result = Result.OPEN;

	/** Task that the caller runs after the call. */
	private final Runnable afterwards;

	Call(double arrived, Runnable afterwards) {
		this.arrived = arrived;
		this.afterwards = afterwards;
	}

	void sent(int backend, double now) {
		this.backend = backend;
		this.requests++;
		this.sent = now;
	}

	void ended(boolean failed, double now) {
		this.ended = now;
		this.result = failed ? Result.FAILED : Result.SUCCEEDED;
		this.afterwards.run();
	}

	/** Return whether a response has arrived, or the call has failed. */
	boolean hasEnded() {
		return this.result != Result.OPEN;
	}

	void rejected(double now) {
		this.sent = now;
		this.ended = now;
		this.result = Result.REJECTED;
		this.afterwards.run();
	}

	double waited() {
		return this.sent - this.arrived;
	}

	double elapsed() {
		return this.ended - this.arrived;
	}

}
