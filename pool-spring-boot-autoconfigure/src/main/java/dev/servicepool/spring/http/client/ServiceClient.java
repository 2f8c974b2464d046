package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/**
 * HTTP client of one service, with the connections of that service. Subclasses know what
 * a library offers beyond Spring's request factories.
 */
public class ServiceClient {

	private final String name;

	private final @Nullable Cancellation cancellation;

	private final boolean endsInterruptedRequests;

	/** Set to {@code null} by the thread that closes the client, read by any thread. */
	private volatile @Nullable ClientHttpRequestFactory requestFactory;

	/**
	 * Request factories of the same client for requests with other read timeouts. Used by
	 * any thread.
	 */
	private final Map<Duration, ClientHttpRequestFactory> otherTimeouts = new ConcurrentHashMap<>();

	/**
	 * Create an instance.
	 * @param requestFactory the request factory
	 * @param cancellation cancels requests; {@code null} if the library cannot, so that
	 * closing a response reads its body to the end
	 */
	ServiceClient(ClientHttpRequestFactory requestFactory, @Nullable Cancellation cancellation) {
		this.name = requestFactory.getClass().getSimpleName();
		this.requestFactory = requestFactory;
		this.cancellation = cancellation;
		this.endsInterruptedRequests = ClientAdapter.of(requestFactory).endsInterruptedRequests();
	}

	/**
	 * Return the client of a request factory.
	 * @param requestFactory the request factory, owned by the client from now on
	 * @return the client
	 */
	public static ServiceClient of(ClientHttpRequestFactory requestFactory) {
		return ClientAdapter.of(requestFactory).client(requestFactory);
	}

	/**
	 * Send a request.
	 * @param exchange the request
	 * @param readTimeout the read timeout; {@code null} for that of the client
	 * @return the response, which the caller must close
	 * @throws IOException if the request cannot be sent or receives no response
	 * @throws IllegalStateException if the client is closed
	 */
	public final ClientHttpResponse send(Exchange exchange, @Nullable Duration readTimeout) throws IOException {
		ClientHttpResponse response = begin(exchange, readTimeout);
		return (this.cancellation == null || response instanceof CompleteResponse) ? response
				: new BoundedCloseResponse(response, this.cancellation);
	}

	/** Send a request and wait for the beginning of its response. */
	ClientHttpResponse begin(Exchange exchange, @Nullable Duration readTimeout) throws IOException {
		return exchange.send(requestFactory(readTimeout), false);
	}

	final ClientHttpRequestFactory requestFactory(@Nullable Duration readTimeout) {
		ClientHttpRequestFactory requestFactory = this.requestFactory;
		if (requestFactory == null) {
			throw new IllegalStateException(this.name + " of a service is closed");
		}
		return (readTimeout != null) ? this.otherTimeouts.computeIfAbsent(readTimeout,
				(timeout) -> ReadTimeouts.replace(requestFactory, timeout)) : requestFactory;
	}

	/**
	 * Return the form in which the client sends the body of a request.
	 * @param body writes the content
	 * @return writes the same content
	 */
	public StreamingHttpOutputMessage.Body body(StreamingHttpOutputMessage.Body body) {
		return body;
	}

	/**
	 * Return the header {@code Host} that requests need because they contain the address
	 * of the target instead of the name of the server.
	 * @return the value of the header; {@code null} if requests contain the name, or if
	 * the server has no other name
	 */
	public @Nullable String hostHeader() {
		return null;
	}

	/**
	 * Return the protocol of the last response.
	 * @return the name of the protocol, or {@code null} if it is not known
	 */
	public @Nullable String protocol() {
		return null;
	}

	/**
	 * Return whether all requests share one connection.
	 * @return whether there is only one connection, or the protocol is not known yet
	 */
	public boolean sharesConnection() {
		return false;
	}

	/**
	 * Return whether a new client has established the connection that its requests share.
	 * @return whether the client is connected; {@code false} if it connects later
	 */
	public boolean isConnected() {
		return false;
	}

	/**
	 * Return whether the client ends a request when its thread is interrupted.
	 * @return whether an interrupted request ends soon; {@code false} if the library is
	 * not known
	 */
	public boolean endsInterruptedRequests() {
		return this.endsInterruptedRequests;
	}

	/**
	 * Close the connections that carry no request, if the library can. After a lost
	 * connection, they may have ended as well, and the client may not know it.
	 */
	public final void closeIdleConnections() {
		ClientHttpRequestFactory requestFactory = this.requestFactory;
		if (requestFactory != null) {
			closeIdleConnections(requestFactory);
		}
	}

	/** Close the connections of a request factory that carry no request. */
	void closeIdleConnections(ClientHttpRequestFactory requestFactory) {
	}

	/**
	 * Close the client with its connections. Only the first call has an effect.
	 * @throws Exception if closing fails
	 */
	public final void close() throws Exception {
		ClientHttpRequestFactory requestFactory = this.requestFactory;
		this.requestFactory = null;
		if (requestFactory != null) {
			try {
				close(requestFactory);
			}
			finally {
				closeHidden(requestFactory);
			}
		}
	}

	/**
	 * Close what the request factory does not close.
	 * @throws Exception if closing fails
	 */
	void closeHidden(ClientHttpRequestFactory requestFactory) throws Exception {
	}

	/**
	 * Close a request factory if it can be closed.
	 * @param requestFactory the request factory
	 * @throws Exception if closing fails
	 */
	public static void close(ClientHttpRequestFactory requestFactory) throws Exception {
		if (requestFactory instanceof DisposableBean disposable) {
			disposable.destroy();
		}
		else if (requestFactory instanceof AutoCloseable closeable) {
			closeable.close();
		}
	}

	/** Return the type of the request factory. */
	@Override
	public String toString() {
		return this.name;
	}

}
