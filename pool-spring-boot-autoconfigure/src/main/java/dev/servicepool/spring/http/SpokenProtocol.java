package dev.servicepool.spring.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.spring.http.WatchedCall.NoBody;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * The protocol that a client of the JDK and its server speak, and how a request without a
 * body is sent by it.
 * <p>
 * Over HTTP/2 an empty body is as good as none, and the client asks for it unless its
 * length is declared; over HTTP/1.1 some servers want none or its length. While nothing
 * is known, a request that is alone has none, since there is no other that could have it
 * refused.
 */
final class SpokenProtocol {

	private static final String HTTP_1 = "HTTP/1.1";

	private static final String HTTP_2 = "HTTP/2";

	/** What the last response came by, or all will. Any thread. */
	private volatile @Nullable String name;

	/** The requests on their way before there is a response. Any thread. */
	private final AtomicInteger first = new AtomicInteger();

	/**
	 * Learn the protocol.
	 * @param client the client, which may be set to HTTP/1.1
	 */
	SpokenProtocol(ClientHttpRequestFactory client) {
		this.name = HiddenClient.isSetToHttp1(client) ? HTTP_1 : null;
	}

	/** Return its name, as far as is known. */
	@Nullable String name() {
		return this.name;
	}

	/**
	 * Send a request and hear from the response which protocol it came by.
	 * @param call the request
	 * @param client the client
	 * @return the response, to be closed
	 * @throws IOException if the request could not be sent or was not answered
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
	 * Return a request as a client is to send it that is not known to ask for an empty
	 * body: if it has none, nobody knows when it is sent.
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
	 * Whether a response of the JDK's client came by HTTP/2. The client keeps the pseudo
	 * header fields among the others; HTTP/1.1 has none.
	 */
	static boolean isHttp2(HttpHeaders response) {
		return response.containsHeader(":status");
	}

}
