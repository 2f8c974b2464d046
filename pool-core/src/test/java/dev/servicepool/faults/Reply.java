package dev.servicepool.faults;

/**
 * The reply of a backend to one request.
 *
 * @param head the time until the response begins, in seconds; at least {@code end} if no
 * response begins
 * @param end the time until the request ends, in seconds
 * @param failed whether the request fails
 */
record Reply(double head, double end, boolean failed) {

	static Reply response(double seconds) {
		return new Reply(seconds, seconds, false);
	}

	static Reply failure(double seconds) {
		return new Reply(seconds, seconds, true);
	}

	/** Create a response that the backend aborts. */
	static Reply brokenBody(double head, double end) {
		return new Reply(head, end, true);
	}

	/** Create a reply that never arrives. */
	static Reply silence() {
		return response(Double.POSITIVE_INFINITY);
	}

	/** Return this reply as a client with this timeout observes it. */
	Reply within(double seconds) {
		return (this.end <= seconds) ? this : new Reply(Math.min(this.head, seconds), seconds, true);
	}

	boolean begins() {
		return this.head < this.end;
	}

}
