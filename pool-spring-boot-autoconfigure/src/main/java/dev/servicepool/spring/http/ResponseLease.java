package dev.servicepool.spring.http;

import dev.servicepool.Lease;
import dev.servicepool.Outcome;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Ends the lease of a request. Only the first call has an effect.
 *
 * @param lease the lease
 * @param error the status of the response, if the status is a failure of the server
 */
record ResponseLease(Lease<HttpCall, ClientHttpResponse> lease, @Nullable FailedResponseException error) {

	/** End the lease because the response was closed. */
	void ended() {
		if (this.error == null) {
			this.lease.succeed();
		}
		else {
			this.lease.fail(this.error);
		}
	}

	/**
	 * End the lease because no response was received, or because it could not be read to
	 * its end.
	 */
	void failed(Throwable cause) {
		fail(this.lease, cause);
	}

	/**
	 * End a lease because of a failure, which may be that of the caller.
	 */
	static void fail(Lease<?, ?> lease, Throwable cause) {
		if (HttpFailures.INSTANCE.classify(cause) == Outcome.CALLER) {
			lease.close();
		}
		else {
			lease.fail(cause);
		}
	}

}
