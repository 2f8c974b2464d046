package dev.servicepool.spring.http;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
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
public final class HttpClientService implements Service<HttpCall, ClientHttpResponse> {

	private static final Ticker ticker = Ticker.system();

	private final @Nullable Origin origin;

	private final String name;

	private final RetryAfter retryAfter;

	/** Given up by the thread that closes the service, read by any. */
	private volatile @Nullable ClientHttpRequestFactory client;

	private final SpokenProtocol protocol;

	private final ReadTimeout readTimeout;

	private HttpClientService(@Nullable Origin origin, ClientHttpRequestFactory client, RetryAfter retryAfter) {
		this.origin = origin;
		this.client = client;
		this.retryAfter = retryAfter;
		this.protocol = new SpokenProtocol(client);
		this.readTimeout = new ReadTimeout(client);
		this.name = "HttpClientService using " + client.getClass().getSimpleName()
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
	public static HttpClientService of(Target target, ClientHttpRequestFactory requestFactory) {
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
	public static HttpClientService of(Target target, ClientHttpRequestFactory requestFactory,
			Set<Integer> retryAfterStatuses) {
		return of(target, requestFactory, new RetryAfter(Set.copyOf(retryAfterStatuses)));
	}

	private static HttpClientService of(Target target, ClientHttpRequestFactory requestFactory, RetryAfter retryAfter) {
		Objects.requireNonNull(requestFactory, "requestFactory");
		ClientHttpRequestFactory client = (requestFactory instanceof RoutingClientHttpRequestFactory routing)
				? routing.delegate() : requestFactory;
		return new HttpClientService(Origin.of(target), client, retryAfter);
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
		if (!(client instanceof JdkClientHttpRequestFactory)) {
			return SpokenProtocol.withoutBody(located).sendBy(client);
		}
		long sentAt = ticker.nanos();
		ClientHttpResponse response = this.protocol.send(located, client);
		return this.readTimeout.inTime(response, ticker.nanos() - sentAt);
	}

	/**
	 * Return the protocol that the last response came by, where the client lets it know.
	 * @return {@code protocol}, or nothing
	 */
	@Override
	public Map<String, String> details() {
		String protocol = this.protocol.name();
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
