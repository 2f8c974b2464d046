package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The time that a request by the JDK's client may take. Its request factory cancels the
 * request then. If a response begins at that very moment, the factory hands it out all
 * the same, but its body never comes: whoever reads it would wait for ever.
 */
final class ReadTimeout {

	private final long nanos;

	/**
	 * Find out the time.
	 * @param client the client, which need not have any
	 */
	ReadTimeout(ClientHttpRequestFactory client) {
		Duration timeout = HiddenClient.readTimeout(client);
		// In whole milliseconds as the factory's timer, and without an overflow.
		this.nanos = (timeout != null) ? TimeUnit.MILLISECONDS.toNanos(TimeUnit.MILLISECONDS.convert(timeout))
				: Long.MAX_VALUE;
	}

	/**
	 * Pass a response on that is in time.
	 * @param response the response, whose body is closed if it is not
	 * @param elapsed how long it has taken to come, in nanoseconds
	 * @return the response
	 * @throws HttpTimeoutException if it is not in time
	 */
	ClientHttpResponse inTime(ClientHttpResponse response, long elapsed) throws IOException {
		if (elapsed >= this.nanos) {
			// To close the response would be to read its body to the end.
			response.getBody().close();
			throw new HttpTimeoutException("The response has come when the request had been given up");
		}
		return response;
	}

}
