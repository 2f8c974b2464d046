package dev.servicepool.spring.http.client;

import java.io.IOException;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Cancels the request of a response without waiting for data.
 */
@FunctionalInterface
interface Cancellation {

	/** Cancellation by clients that cancel a request when its body is closed. */
	Cancellation CLOSE_BODY = (response) -> response.getBody().close();

	/**
	 * Cancel the request. Called by any thread, even while another one reads the body.
	 * @param response the response
	 * @throws IOException if the connection reports an error
	 */
	void cancel(ClientHttpResponse response) throws IOException;

}
