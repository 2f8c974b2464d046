package dev.servicepool.spring.http;

import java.io.IOException;
import java.util.Objects;

import dev.servicepool.Service;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * An HTTP client as a service of a pool. It sends each request to its target if that has
 * an address, else to where the request says.
 * <p>
 * The client belongs to the service and is closed with it, as far as it can be closed. To
 * give each service connections of its own, give each a request factory of its own.
 */
public final class HttpService implements Service<HttpCall, ClientHttpResponse> {

	private final @Nullable Origin origin;

	private final ClientHttpRequestFactory client;

	private HttpService(@Nullable Origin origin, ClientHttpRequestFactory client) {
		this.origin = origin;
		this.client = client;
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
		return located.sendBy(this.client);
	}

	/**
	 * Close the client if it can be closed. The JDK's cannot: it goes when nothing refers
	 * to it any more.
	 * @throws Exception if closing fails
	 */
	@Override
	public void close() throws Exception {
		close(this.client);
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
		return "HttpService by " + this.client.getClass().getSimpleName()
				+ ((this.origin != null) ? " at " + this.origin.host() : "");
	}

}
