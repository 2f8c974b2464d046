package dev.servicepool.spring.http;

import dev.servicepool.Lease;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * How the lease of a request ends. Whatever comes first counts.
 *
 * @param lease the lease
 * @param error the status of the response, if it says that the server has failed
 */
record ResponseLease(Lease<HttpCall, ClientHttpResponse> lease, @Nullable FailedResponseException error) {

	/** The response was closed. */
	void ended() {
		if (this.error == null) {
			this.lease.succeed();
		}
		else {
			// Only now, so that an error that comes fast is not taken for a quick answer.
			this.lease.recordResponse();
			this.lease.fail(this.error);
		}
	}

	/** There was no response, or it could not be read to its end. */
	void failed(Throwable cause) {
		if (ServiceFailure.is(cause)) {
			this.lease.fail(cause);
		}
		else {
			this.lease.close();
		}
	}

}
