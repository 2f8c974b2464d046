package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.spring.http.client.Exchange;
import dev.servicepool.spring.http.client.ServerLocation;
import dev.servicepool.spring.http.client.ServiceClient;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

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

	/** The address of all requests, if the target has one. */
	private final @Nullable Origin origin;

	private final @Nullable String hostHeader;

	private final String name;

	private final RetryAfter retryAfter;

	private final Set<Integer> failureStatuses;

	private final ServiceClient client;

	private HttpClientService(ServerLocation location, ServiceClient client, RetryAfter retryAfter,
			Set<Integer> failureStatuses) {
		Origin target = Origin.of(location.target());
		URI name = location.name();
		this.hostHeader = client.hostHeader();
		this.origin = (name != null && this.hostHeader == null) ? Origin.of(name) : target;
		this.client = client;
		this.retryAfter = retryAfter;
		this.failureStatuses = failureStatuses;
		this.name = "HttpClientService using " + client + ((target != null) ? " at " + target.host() : "");
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
		return of(target, requestFactory, RetryAfter.DEFAULT, Set.of());
	}

	/**
	 * Create a service for a target whose server may request pauses or report failures by
	 * status codes.
	 * @param target the target; if the target has a URI, requests are sent to the scheme,
	 * host, and port of this URI
	 * @param requestFactory the request factory, owned by the service from now on; if it
	 * is a {@link RoutingClientHttpRequestFactory}, only its delegate is used, because
	 * the request is already routed
	 * @param retryAfterStatuses the status codes of responses whose {@code Retry-After}
	 * header pauses the service; the method without this parameter uses only 503
	 * @param failureStatuses the status codes from 400 to 499 that are reported as
	 * failures; the method without this parameter reports none of them, and both methods
	 * report all status codes from 500 to 599
	 * @return the service
	 * @throws IllegalArgumentException if the URI of the target has no scheme or no host
	 */
	public static HttpClientService of(Target target, ClientHttpRequestFactory requestFactory,
			Set<Integer> retryAfterStatuses, Set<Integer> failureStatuses) {
		return of(target, requestFactory, new RetryAfter(Set.copyOf(retryAfterStatuses)), Set.copyOf(failureStatuses));
	}

	/**
	 * Create a service whose client an adapter has created.
	 * @param location the location of the server; if it has an address, all requests are
	 * sent there
	 * @param client the client, owned by the service from now on
	 * @param retryAfterStatuses the status codes of responses whose {@code Retry-After}
	 * header pauses the service
	 * @param failureStatuses the status codes from 400 to 499 that are reported as
	 * failures
	 * @return the service
	 * @throws IllegalArgumentException if the URI of the target has no scheme or no host
	 */
	public static HttpClientService of(ServerLocation location, ServiceClient client, Set<Integer> retryAfterStatuses,
			Set<Integer> failureStatuses) {
		return new HttpClientService(location, client, new RetryAfter(Set.copyOf(retryAfterStatuses)),
				Set.copyOf(failureStatuses));
	}

	private static HttpClientService of(Target target, ClientHttpRequestFactory requestFactory, RetryAfter retryAfter,
			Set<Integer> failureStatuses) {
		Objects.requireNonNull(requestFactory, "requestFactory");
		return new HttpClientService(new ServerLocation(target, null),
				ServiceClient.of((requestFactory instanceof RoutingClientHttpRequestFactory routing)
						? routing.delegate() : requestFactory),
				retryAfter, failureStatuses);
	}

	RetryAfter retryAfter() {
		return this.retryAfter;
	}

	/** Return whether a status code may be a failure of the server. */
	boolean mayFailWith(int status) {
		return status >= 400 && (status >= 500 || this.failureStatuses.contains(status));
	}

	/** Close the connections that carry no request, if the client can. */
	void closeIdleConnections() {
		this.client.closeIdleConnections();
	}

	/** Return whether the client ends a request when its thread is interrupted. */
	boolean endsInterruptedRequests() {
		return this.client.endsInterruptedRequests();
	}

	/**
	 * Send a request.
	 * @param call the request
	 * @return the response, which the caller must close
	 * @throws IOException if the request cannot be sent or receives no response
	 */
	@Override
	public ClientHttpResponse call(HttpCall call) throws IOException {
		return this.client.send(new Attempt(locate(call), this.client), call.readTimeout());
	}

	private HttpCall locate(HttpCall call) {
		HttpCall located = (this.origin != null) ? call.withUri(this.origin.move(call.uri())) : call;
		if (this.hostHeader == null || call.headers().containsHeader(HttpHeaders.HOST)) {
			return located;
		}
		HttpHeaders headers = HttpHeaders.copyOf(call.headers());
		headers.set(HttpHeaders.HOST, this.hostHeader);
		return located.withHeaders(headers);
	}

	@Override
	public boolean sharesConnection() {
		return this.client.sharesConnection();
	}

	@Override
	public boolean isConnected() {
		return this.client.isConnected();
	}

	/**
	 * Return the protocol of the last response, if the client exposes it.
	 * @return the entry {@code protocol}, or an empty map
	 */
	@Override
	public Map<String, String> details() {
		String protocol = this.client.protocol();
		return (protocol != null) ? Map.of("protocol", protocol) : Map.of();
	}

	/**
	 * Close the client with its connections. The JDK's client can be closed since Java
	 * 21. Before Java 21, its own threads end as soon as they are idle, and the client is
	 * garbage collected later.
	 * @throws Exception if closing fails
	 */
	@Override
	public void close() throws Exception {
		this.client.close();
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * One attempt to send a request, which may be watched.
	 *
	 * @param call the request
	 * @param client the client that sends the request
	 */
	private record Attempt(HttpCall call, ServiceClient client) implements Exchange {

		@Override
		public HttpMethod method() {
			return this.call.method();
		}

		@Override
		public ClientHttpResponse send(ClientHttpRequestFactory requestFactory, boolean emptyBody) throws IOException {
			HttpCall sent = WatchedCall.withEmptyBody(this.call, emptyBody);
			HttpCall written = (sent.body() != null) ? sent.withBody(this.client.body(sent.body())) : sent;
			return written.sendBy(requestFactory);
		}

		@Override
		public void notProcessed() {
			WatchedCall.notProcessed(this.call);
		}

	}

}
