package dev.servicepool.spring.http;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.spring.http.WatchedCall.NoBody;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * An HTTP client as a service of a pool. It sends each request to its target if that has
 * an address, else to where the request says.
 * <p>
 * The client belongs to the service and is closed with it, as far as it can be closed. To
 * give each service connections of its own, give each a request factory of its own.
 */
public final class HttpService implements Service<HttpCall, ClientHttpResponse> {

	private static final String HTTP_1 = "HTTP/1.1";

	private static final String HTTP_2 = "HTTP/2";

	private final @Nullable Origin origin;

	private final String name;

	private final RetryAfter retryAfter;

	/** Given up by the thread that closes the service, read by any. */
	private volatile @Nullable ClientHttpRequestFactory client;

	/** What the last response came by, if known. Written and read by any thread. */
	private volatile @Nullable String protocol;

	private HttpService(@Nullable Origin origin, ClientHttpRequestFactory client, RetryAfter retryAfter) {
		this.origin = origin;
		this.client = client;
		this.retryAfter = retryAfter;
		this.name = "HttpService by " + client.getClass().getSimpleName()
				+ ((origin != null) ? " at " + origin.host() : "");
	}

	/**
	 * Return a service for a target.
	 * @param target where requests are sent: the scheme, host and port of its URI, if it
	 * has one
	 * @param requestFactory the client, owned by the service from now on; of a routing
	 * one only its delegate is used, since the way is found already
	 * @return the service
	 * @throws IllegalArgumentException if the target's URI has no scheme or no host
	 */
	public static HttpService of(Target target, ClientHttpRequestFactory requestFactory) {
		return of(target, requestFactory, RetryAfter.DEFAULT);
	}

	/**
	 * Return a service for a target whose server may ask for no requests for a while.
	 * @param target where requests are sent: the scheme, host and port of its URI, if it
	 * has one
	 * @param requestFactory the client, owned by the service from now on; of a routing
	 * one only its delegate is used, since the way is found already
	 * @param retryAfterStatuses the status codes with which a {@code Retry-After} says
	 * that; by default 503
	 * @return the service
	 * @throws IllegalArgumentException if the target's URI has no scheme or no host
	 */
	public static HttpService of(Target target, ClientHttpRequestFactory requestFactory,
			Set<Integer> retryAfterStatuses) {
		return of(target, requestFactory, new RetryAfter(Set.copyOf(retryAfterStatuses)));
	}

	private static HttpService of(Target target, ClientHttpRequestFactory requestFactory, RetryAfter retryAfter) {
		Objects.requireNonNull(requestFactory, "requestFactory");
		ClientHttpRequestFactory client = (requestFactory instanceof RoutingClientHttpRequestFactory routing)
				? routing.delegate() : requestFactory;
		return new HttpService(Origin.of(target), client, retryAfter);
	}

	RetryAfter retryAfter() {
		return this.retryAfter;
	}

	/**
	 * Send a request.
	 * @param call the request
	 * @return the response, to be closed by the caller
	 * @throws IOException if the request could not be sent or was not answered
	 */
	@Override
	public ClientHttpResponse call(HttpCall call) throws IOException {
		HttpCall located = (this.origin != null) ? call.withUri(this.origin.move(call.uri())) : call;
		ClientHttpRequestFactory client = this.client;
		if (client == null) {
			throw new IllegalStateException(this + " is closed");
		}
		ClientHttpResponse response = ((located.body() instanceof NoBody none) ? watched(located, none) : located)
			.sendBy(client);
		if (client instanceof JdkClientHttpRequestFactory) {
			this.protocol = isHttp2(response.getHeaders()) ? HTTP_2 : HTTP_1;
		}
		return response;
	}

	/**
	 * Return a request without a body as it is to be sent. Over HTTP/2 an empty body is
	 * as good as none, and the client asks for it unless its length is declared; over
	 * HTTP/1.1 some servers want none or its length.
	 */
	private HttpCall watched(HttpCall call, NoBody body) {
		if (!HTTP_2.equals(this.protocol)) {
			body.sendWithout();
			return call.withBody(null);
		}
		HttpHeaders headers = new HttpHeaders(call.headers());
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

	/**
	 * Return the protocol that the last response came by, where the client lets it know.
	 * @return {@code protocol}, or nothing
	 */
	@Override
	public Map<String, String> details() {
		String protocol = this.protocol;
		return (protocol != null) ? Map.of("protocol", protocol) : Map.of();
	}

	/**
	 * Close the client with its connections. The JDK's can be closed since Java 21;
	 * before that it goes with the next garbage collection, since nothing refers to it
	 * any more, and only its {@link ClientThreads} go at once.
	 * @throws Exception if closing fails
	 */
	@Override
	public void close() throws Exception {
		ClientHttpRequestFactory client = this.client;
		this.client = null;
		if (client != null) {
			close(client);
			HiddenClient.close(client);
		}
	}

	static void close(ClientHttpRequestFactory client) throws Exception {
		if (client instanceof DisposableBean disposable) {
			disposable.destroy();
		}
		else if (client instanceof AutoCloseable closeable) {
			closeable.close();
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
