package dev.servicepool.spring.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.spring.http.WatchedCall.NoBody;
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
	 * @param client the client, which may be restricted to HTTP/1.1
	 */
	JdkProtocol(ClientHttpRequestFactory client) {
		this.name = HiddenClient.isSetToHttp1(client) ? HTTP_1 : null;
	}

	/** Return the name of the protocol, or {@code null} if it is not known. */
	@Nullable String name() {
		return this.name;
	}

	/** Return whether the last response was received over HTTP/2. */
	boolean isHttp2() {
		return HTTP_2.equals(this.name);
	}

	/**
	 * Send a request and record the protocol of its response.
	 * @param call the request
	 * @param client the client
	 * @return the response, which the caller must close
	 * @throws IOException if the request cannot be sent or receives no response
	 */
	ClientHttpResponse send(HttpCall call, ClientHttpRequestFactory client) throws IOException {
		String name = this.name;
		if (name != null) {
			return send(call, client, HTTP_2.equals(name));
		}
		boolean alone = this.first.getAndIncrement() == 0;
		try {
			return send(call, client, !alone);
		}
		finally {
			this.first.decrementAndGet();
		}
	}

	private ClientHttpResponse send(HttpCall call, ClientHttpRequestFactory client, boolean emptyBody)
			throws IOException {
		ClientHttpResponse response = (emptyBody ? withEmptyBody(call) : withoutBody(call)).sendBy(client);
		this.name = isHttp2(response.getHeaders()) ? HTTP_2 : HTTP_1;
		return response;
	}

	/**
	 * Return the request to send with a client that may not ask for an empty body.
	 * Without a body, the time at which the client sends the request is unknown.
	 */
	static HttpCall withoutBody(HttpCall call) {
		if (!(call.body() instanceof NoBody none)) {
			return call;
		}
		none.sendWithout();
		return call.withBody(null);
	}

	private static HttpCall withEmptyBody(HttpCall call) {
		if (!(call.body() instanceof NoBody)) {
			return call;
		}
		HttpHeaders headers = HttpHeaders.copyOf(call.headers());
		headers.remove(HttpHeaders.CONTENT_LENGTH);
		return call.withHeaders(headers);
	}

	/**
	 * Return whether a response of the JDK's client was received over HTTP/2. The client
	 * lists the pseudo-header fields of HTTP/2 among the other fields; HTTP/1.1 has none.
	 */
	static boolean isHttp2(HttpHeaders response) {
		return response.containsHeader(":status");
	}

}
