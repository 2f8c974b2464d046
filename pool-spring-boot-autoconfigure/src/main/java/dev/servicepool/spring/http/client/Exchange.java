package dev.servicepool.spring.http.client;

import java.io.IOException;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * HTTP request that a {@link ServiceClient} sends. Only the client knows which request
 * factory and which form of the request are suitable.
 */
public interface Exchange {

	/**
	 * Return the method of the request.
	 * @return the method
	 */
	HttpMethod method();

	/**
	 * Send the request.
	 * @param requestFactory creates the request to send
	 * @param emptyBody whether a request without a body has an empty body instead, so
	 * that the client asks for it
	 * @return the response, which the caller must close
	 * @throws IOException if the request cannot be sent or receives no response
	 */
	ClientHttpResponse send(ClientHttpRequestFactory requestFactory, boolean emptyBody) throws IOException;

	/**
	 * Record that no server has processed the request, although the client may have read
	 * its body.
	 */
	void notProcessed();

}
