package dev.servicepool.faults;

import dev.servicepool.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The reply of a backend to one request.
 *
 * @param head the time until the response begins, in seconds; at least {@code end} if no
 * response begins
 * @param end the time until the request ends, in seconds
 * @param outcome the outcome of a request that fails; {@code null} if it succeeds
 * @param error whether the reply is an error response
 * @param pause the pause that the backend asks for, in seconds
 */
record Reply(double head, double end, @Nullable Outcome outcome, boolean error, double pause) {

	static Reply response(double seconds) {
		return new Reply(seconds, seconds, null, false, 0);
	}

	static Reply failure(double seconds) {
		return new Reply(seconds, seconds, Outcome.SERVER_ERROR, false, 0);
	}

	/**
	 * Create an error response.
	 * @param failed whether the error counts as a failure of the backend
	 */
	static Reply error(double seconds, boolean failed) {
		return new Reply(seconds, seconds, failed ? Outcome.SERVER_ERROR : null, true, 0);
	}

	/** Create an error response that asks for a pause. */
	static Reply pause(double seconds, double pause) {
		return new Reply(seconds, seconds, Outcome.SERVER_ERROR, true, pause);
	}

	/** Create a response that the backend aborts. */
	static Reply brokenBody(double head, double end) {
		return new Reply(head, end, Outcome.CONNECTION_LOST, false, 0);
	}

	/** Create a reply that never arrives. */
	static Reply silence() {
		return response(Double.POSITIVE_INFINITY);
	}

	/** Return this reply as a client with this timeout observes it. */
	Reply within(double seconds) {
		return (this.end <= seconds) ? this
				: new Reply(Math.min(this.head, seconds), seconds, Outcome.NO_RESPONSE, false, 0);
	}

	boolean failed() {
		return this.outcome != null;
	}

	boolean begins() {
		return this.head < this.end;
	}

}
