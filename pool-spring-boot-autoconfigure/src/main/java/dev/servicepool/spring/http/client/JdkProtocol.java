package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Protocol between a JDK client and its server, which determines how a request without a
 * body is sent.
 * <p>
 * Over HTTP/2, an empty body is equivalent to no body, and the client asks for the empty
 * body unless its length is declared. Over HTTP/1.1, some servers require either no body
 * or its length. Until the protocol is known, a request is sent without a body if no
 * other request is in flight, because only other requests can cause it to be refused.
 */
final class JdkProtocol {

	private static final String HTTP_1 = "HTTP/1.1";

	private static final String HTTP_2 = "HTTP/2";

	/** Protocol of the last response, or of all responses. Used by any thread. */
	private volatile @Nullable String name;

	/** Number of requests in flight before the first response. Used by any thread. */
	private final AtomicInteger first = new AtomicInteger();

	/**
	 * Create an instance.
	 * @param http1 whether the client is restricted to HTTP/1.1
	 */
	JdkProtocol(boolean http1) {
		this.name = http1 ? HTTP_1 : null;
	}

	/** Return the name of the protocol, or {@code null} if it is not known. */
	@Nullable String name() {
		return this.name;
	}

	/** Return whether requests use HTTP/2, or will use it as far as is known. */
	boolean mayBeHttp2() {
		return !HTTP_1.equals(this.name);
	}

	/**
	 * Send a request and record the protocol of its response.
	 * @param exchange the request
	 * @param requestFactory the request factory of the client
	 * @return the response, which the caller must close
	 * @throws IOException if the request cannot be sent or receives no response
	 */
	ClientHttpResponse send(Exchange exchange, ClientHttpRequestFactory requestFactory) throws IOException {
		String name = this.name;
		if (name != null) {
			return send(exchange, requestFactory, HTTP_2.equals(name));
		}
		boolean alone = this.first.getAndIncrement() == 0;
		try {
			return send(exchange, requestFactory, !alone);
		}
		finally {
			this.first.decrementAndGet();
		}
	}

	private ClientHttpResponse send(Exchange exchange, ClientHttpRequestFactory requestFactory, boolean emptyBody)
			throws IOException {
		ClientHttpResponse response = exchange.send(requestFactory, emptyBody);
		this.name = isHttp2(response.getHeaders()) ? HTTP_2 : HTTP_1;
		return response;
	}

	/**
	 * Return whether a response of the JDK's client was received over HTTP/2. The client
	 * lists the pseudo-header fields of HTTP/2 among the other fields; HTTP/1.1 has none.
	 */
	static boolean isHttp2(HttpHeaders response) {
		return response.containsHeader(":status");
	}

}
