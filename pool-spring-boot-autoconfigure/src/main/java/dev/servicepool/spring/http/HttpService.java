package dev.servicepool.spring.http;

import java.io.IOException;
import java.util.Map;
import java.util.Objects;

import dev.servicepool.Service;
import dev.servicepool.Target;
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

	private final @Nullable Origin origin;

	private final String name;

	/** Given up by the thread that closes the service, read by any. */
	private volatile @Nullable ClientHttpRequestFactory client;

	/** What the last response came by, if known. Written and read by any thread. */
	private volatile @Nullable String protocol;

	private HttpService(@Nullable Origin origin, ClientHttpRequestFactory client) {
		this.origin = origin;
		this.client = client;
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
		Objects.requireNonNull(requestFactory, "requestFactory");
		ClientHttpRequestFactory client = (requestFactory instanceof RoutingClientHttpRequestFactory routing)
				? routing.delegate() : requestFactory;
		return new HttpService(Origin.of(target), client);
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
		ClientHttpResponse response = located.sendBy(client);
		if (client instanceof JdkClientHttpRequestFactory) {
			this.protocol = protocol(response.getHeaders());
		}
		return response;
	}

	/**
	 * Return the protocol that a response of the JDK's client came by. It keeps the
	 * pseudo header fields of HTTP/2 among the others; HTTP/1.1 has none.
	 */
	private static String protocol(HttpHeaders response) {
		return response.containsHeader(":status") ? "HTTP/2" : "HTTP/1.1";
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
	 * any more.
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
