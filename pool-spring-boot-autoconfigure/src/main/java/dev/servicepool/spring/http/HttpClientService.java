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
 * HTTP client as a service of a pool. It sends each request to its target if the target
 * has an address, otherwise to the address of the request.
 * <p>
 * The client belongs to the service and is closed with it, if the client can be closed.
 * To give each service its own connections, create a separate request factory for each
 * service.
 */
public final class HttpClientService implements Service<HttpCall, ClientHttpResponse> {

	private static final Ticker ticker = Ticker.system();

	private final @Nullable Origin origin;

	private final String name;

	private final RetryAfter retryAfter;

	/** Set to {@code null} by the thread that closes the service, read by any thread. */
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
	 * Create a service for a target.
	 * @param target the target; requests are sent to the scheme, host, and port of its
	 * URI, if it has one
	 * @param requestFactory the client, owned by the service from now on; of a
	 * {@link RoutingClientHttpRequestFactory}, only the delegate is used, because the
	 * request is already routed
	 * @return the service
	 * @throws IllegalArgumentException if the URI of the target has no scheme or no host
	 */
	public static HttpClientService of(Target target, ClientHttpRequestFactory requestFactory) {
		return of(target, requestFactory, RetryAfter.DEFAULT);
	}

	/**
	 * Create a service for a target whose server may request pauses.
	 * @param target the target; requests are sent to the scheme, host, and port of its
	 * URI, if it has one
	 * @param requestFactory the client, owned by the service from now on; of a
	 * {@link RoutingClientHttpRequestFactory}, only the delegate is used, because the
	 * request is already routed
	 * @param retryAfterStatuses the status codes whose {@code Retry-After} header pauses
	 * the service; without this parameter, only 503
	 * @return the service
	 * @throws IllegalArgumentException if the URI of the target has no scheme or no host
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
	 * @return the response, which the caller must close
	 * @throws IOException if the request cannot be sent or receives no response
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
	 * Return the protocol of the last response, if the client exposes it.
	 * @return the entry {@code protocol}, or an empty map
	 */
	@Override
	public Map<String, String> details() {
		String protocol = this.protocol.name();
		return (protocol != null) ? Map.of("protocol", protocol) : Map.of();
	}

	/**
	 * Close the client with its connections. The JDK's client can be closed since Java
	 * 21. Before that, only its {@link ClientThreads} end immediately. The client itself
	 * is garbage collected, because the service no longer refers to it.
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
