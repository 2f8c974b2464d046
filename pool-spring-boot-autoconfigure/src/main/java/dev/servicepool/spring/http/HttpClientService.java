package dev.servicepool.spring.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;

/**
 * HTTP client as a service of a pool. If the target of the service has an address, the
 * service sends each request to this address. Otherwise, the service sends each request
 * to the address of the request.
 * <p>
 * The client belongs to the service. If the client can be closed, it is closed with the
 * service. To give each service its own connections, create a separate request factory
 * for each service.
 */
public final class HttpClientService implements Service<HttpCall, ClientHttpResponse> {

	private static final Ticker ticker = Ticker.system();

	private final @Nullable Origin origin;

	private final String name;

	private final RetryAfter retryAfter;

	/** Set to {@code null} by the thread that closes the service, read by any thread. */
	private volatile @Nullable Client client;

	/**
	 * The same client with the read timeouts of those who send requests. Used by any
	 * thread.
	 */
	private final Map<Duration, Client> otherTimeouts = new ConcurrentHashMap<>();

	private final JdkProtocol protocol;

	/**
	 * HTTP client with a read timeout.
	 *
	 * @param requestFactory the request factory, which uses the HTTP client
	 * @param readTimeout the timeout of the request factory
	 */
	private record Client(ClientHttpRequestFactory requestFactory, JdkReadTimeout readTimeout) {

		Client(ClientHttpRequestFactory requestFactory) {
			this(requestFactory, new JdkReadTimeout(requestFactory));
		}

		Client withReadTimeout(Duration timeout) {
			return new Client(HiddenClient.withReadTimeout(this.requestFactory, timeout));
		}

	}

	private HttpClientService(@Nullable Origin origin, ClientHttpRequestFactory client, RetryAfter retryAfter) {
		this.origin = origin;
		this.client = new Client(client);
		this.retryAfter = retryAfter;
		this.protocol = new JdkProtocol(client);
		this.name = "HttpClientService using " + client.getClass().getSimpleName()
				+ ((origin != null) ? " at " + origin.host() : "");
	}

	/**
	 * Create a service for a target.
	 * @param target the target; if the target has a URI, requests are sent to the scheme,
	 * host, and port of this URI
	 * @param requestFactory the request factory, owned by the service from now on; if it
	 * is a {@link RoutingClientHttpRequestFactory}, only its delegate is used, because
	 * the request is already routed
	 * @return the service
	 * @throws IllegalArgumentException if the URI of the target has no scheme or no host
	 */
	public static HttpClientService of(Target target, ClientHttpRequestFactory requestFactory) {
		return of(target, requestFactory, RetryAfter.DEFAULT);
	}

	/**
	 * Create a service for a target whose server may request pauses.
	 * @param target the target; if the target has a URI, requests are sent to the scheme,
	 * host, and port of this URI
	 * @param requestFactory the request factory, owned by the service from now on; if it
	 * is a {@link RoutingClientHttpRequestFactory}, only its delegate is used, because
	 * the request is already routed
	 * @param retryAfterStatuses the status codes of responses whose {@code Retry-After}
	 * header pauses the service; the method without this parameter uses only 503
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
		Client client = client(call.readTimeout());
		if (!(client.requestFactory() instanceof JdkClientHttpRequestFactory)) {
			return JdkProtocol.withoutBody(located).sendBy(client.requestFactory());
		}
		long sentAt = ticker.nanos();
		ClientHttpResponse response = this.protocol.send(located, client.requestFactory());
		return client.readTimeout().inTime(response, ticker.nanos() - sentAt);
	}

	private Client client(@Nullable Duration readTimeout) {
		Client client = this.client;
		if (client == null) {
			throw new IllegalStateException(this + " is closed");
		}
		return (readTimeout != null) ? this.otherTimeouts.computeIfAbsent(readTimeout, client::withReadTimeout)
				: client;
	}

	@Override
	public boolean sharesConnection() {
		return this.protocol.isHttp2();
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
	 * 21. Before Java 21, the {@link JdkClientThreads} of the client end as soon as they
	 * are idle, and the client is garbage collected later.
	 * @throws Exception if closing fails
	 */
	@Override
	public void close() throws Exception {
		Client client = this.client;
		this.client = null;
		if (client != null) {
			close(client.requestFactory());
			HiddenClient.close(client.requestFactory());
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
