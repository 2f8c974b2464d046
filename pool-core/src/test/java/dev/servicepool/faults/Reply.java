package dev.servicepool.faults;

/**
 * How a backend treats one request.
 *
 * @param head after how many seconds a response begins; not less than {@code end} if none
 * does
 * @param end after how many seconds it is all over
 * @param failed whether the request has failed then
 */
record Reply(double head, double end, boolean failed) {

	static Reply answer(double seconds) {
		return new Reply(seconds, seconds, false);
	}

	static Reply failure(double seconds) {
		return new Reply(seconds, seconds, true);
	}

	/** A response that breaks off. */
	static Reply brokenBody(double head, double end) {
		return new Reply(head, end, true);
	}

	/** Nothing ever. */
	static Reply silence() {
		return answer(Double.POSITIVE_INFINITY);
	}

	/** Return the same as seen by a client that does not wait for longer than so long. */
	Reply within(double seconds) {
		return (this.end <= seconds) ? this : new Reply(Math.min(this.head, seconds), seconds, true);
	}

	boolean begins() {
		return this.head < this.end;
	}

}
