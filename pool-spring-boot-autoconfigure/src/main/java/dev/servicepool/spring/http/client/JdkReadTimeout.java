package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * Read timeout of the JDK's client. The request factory cancels a request when the
 * timeout ends. If a response begins at exactly that moment, the factory still returns
 * the response. Its body never arrives, so that a caller that reads it waits
 * indefinitely.
 */
final class JdkReadTimeout {

	private JdkReadTimeout() {
	}

	/**
	 * Return a response that is in time.
	 * @param response the response; its body is closed if it is late
	 * @param elapsed the time until the response began, in nanoseconds
	 * @param timeout the read timeout; {@code null} or zero if there is none
	 * @return the response
	 * @throws HttpTimeoutException if the response is late
	 */
	static ClientHttpResponse inTime(ClientHttpResponse response, long elapsed, @Nullable Duration timeout)
			throws IOException {
		// Use whole milliseconds like the timer of the factory, without overflow.
		if (timeout != null && !timeout.isZero()
				&& elapsed >= TimeUnit.MILLISECONDS.toNanos(TimeUnit.MILLISECONDS.convert(timeout))) {
			// Closing the response instead would read its body to the end.
			response.getBody().close();
			throw new HttpTimeoutException("Response arrived after the read timeout");
		}
		return response;
	}

}
