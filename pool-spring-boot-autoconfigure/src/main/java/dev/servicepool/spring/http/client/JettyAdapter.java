package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import dev.servicepool.Outcome;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.ConnectionPool;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.RetryableRequestException;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JettyClientHttpRequestFactory;

/**
 * Adapter of Jetty's HTTP client.
 */
final class JettyAdapter extends ClientAdapter {

	@Override
	public boolean endsInterruptedRequests() {
		return true;
	}

	@Override
	boolean supports(ClientHttpRequestFactoryBuilder<?> builder) {
		return builder instanceof JettyClientHttpRequestFactoryBuilder;
	}

	@Override
	boolean supports(ClientHttpRequestFactory requestFactory) {
		return requestFactory instanceof JettyClientHttpRequestFactory;
	}

	@Override
	public ServiceClients clients(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options) {
		JettyClientHttpRequestFactoryBuilder asBuilt = (JettyClientHttpRequestFactoryBuilder) builder;
		if (options.httpVersion() == HttpVersion.HTTP_2) {
			asBuilt = asBuilt.withHttpClientTransportFactory((connector) -> JettyHttp2.transport(connector));
		}
		return clients(asBuilt, options);
	}

	private ServiceClients clients(JettyClientHttpRequestFactoryBuilder builder, ServiceClientOptions options) {
		AtomicReference<@Nullable HttpCookieStore> cookies = new AtomicReference<>();
		JettyClientHttpRequestFactoryBuilder asBuilt = builder
			.withHttpClientCustomizer((client) -> shareCookies(client, cookies));
		if (options.connections() == Connections.AS_BUILT) {
			return (settings, location, maxConcurrency) -> client(locate(asBuilt, location).build(settings));
		}
		JettyThreads threads = new JettyThreads(options.pool());
		JettyClientHttpRequestFactoryBuilder own = share(asBuilt, threads);
		return (settings, location, maxConcurrency) -> {
			ClientHttpRequestFactory requestFactory = locate(own, location)
				.withHttpClientCustomizer((client) -> client.setMaxConnectionsPerDestination(maxConcurrency))
				.build(settings);
			threads.acquire();
			JettyServiceClient client = new JettyServiceClient(requestFactory,
					options.httpVersion() == HttpVersion.HTTP_2, threads::release);
			client.connect(options.pool(), location.requestUri());
			return client;
		};
	}

	/**
	 * Let all clients use the cookie store of the first one, because callers do not
	 * select the service of their next request.
	 */
	private static void shareCookies(HttpClient client, AtomicReference<@Nullable HttpCookieStore> cookies) {
		HttpCookieStore configured = client.getHttpCookieStore();
		cookies.compareAndSet(null, (configured != null) ? configured : new HttpCookieStore.Default());
		client.setHttpCookieStore(cookies.get());
	}

	private static JettyClientHttpRequestFactoryBuilder share(JettyClientHttpRequestFactoryBuilder asBuilt,
			JettyThreads threads) {
		JettyClientHttpRequestFactoryBuilder own = asBuilt.withHttpClientCustomizer(threads::configure);
		Function<ClientConnector, HttpClientTransport> transports = Undocumented.transportFactory(asBuilt);
		return (transports != null)
				? own.withHttpClientTransportFactory((connector) -> transports.apply(threads.share(connector))) : own;
	}

	private static JettyClientHttpRequestFactoryBuilder locate(JettyClientHttpRequestFactoryBuilder builder,
			ServerLocation location) {
		return (location.name() != null)
				? builder.withHttpClientCustomizer((client) -> JettyResolver.install(client, location)) : builder;
	}

	/** Build a temporary client to find out whether it uses a proxy. */
	@Override
	public @Nullable String obstacleToNames(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options,
			URI name) {
		AtomicBoolean proxied = new AtomicBoolean();
		Origin origin = new Origin(name.getScheme(), name.getHost(), ServerLocation.port(name));
		((JettyClientHttpRequestFactoryBuilder) builder)
			.withHttpClientCustomizer((client) -> proxied.set(client.getProxyConfiguration().match(origin) != null))
			.build(options.settings());
		return proxied.get() ? THROUGH_PROXY : null;
	}

	@Override
	ServiceClient client(ClientHttpRequestFactory requestFactory) {
		return new JettyServiceClient(requestFactory, false, () -> {
		});
	}

	@Override
	public boolean canSetHttpVersion() {
		return JettyHttp2.PRESENT;
	}

	/**
	 * Classify an exception. The client rejects a request without sending it if too many
	 * requests wait for a connection.
	 */
	@Override
	@Nullable Outcome classify(Throwable cause) {
		if (isRefused(cause) || (cause instanceof RejectedExecutionException && Undocumented.isFullQueue(cause))) {
			return Outcome.NOT_SENT;
		}
		boolean reset = cause instanceof IOException && Undocumented.isJettyReset(cause);
		return (cause instanceof HttpResponseException || reset) ? Outcome.SERVER_ERROR : null;
	}

	/**
	 * Return whether the server refused a stream or excluded it by a GOAWAY, or whether
	 * the connection could not open a stream because it is being closed.
	 */
	@Override
	boolean isRefused(Throwable cause) {
		return cause instanceof RetryableRequestException
				|| (cause instanceof IOException && Undocumented.JETTY_REFUSED.equals(cause.getMessage()))
				|| (cause instanceof IllegalStateException && Undocumented.isJettySessionClosed(cause));
	}

	/**
	 * Client of one service. Its request factory stops the client only if the request
	 * factory has created it.
	 */
	private static final class JettyServiceClient extends ServiceClient {

		/** Whether the client offers HTTP/2. */
		private final boolean http2;

		private final Runnable afterwards;

		/** Written by the thread that creates the client. */
		private boolean connected;

		/** Version of the last request that received a connection. Used by any thread. */
		private volatile org.eclipse.jetty.http.@Nullable HttpVersion version;

		JettyServiceClient(ClientHttpRequestFactory requestFactory, boolean http2, Runnable afterwards) {
			super(requestFactory, JettyServiceClient::cancel);
			this.http2 = http2;
			this.afterwards = afterwards;
			if (Undocumented.client(requestFactory) instanceof HttpClient client) {
				// The response may arrive before the client reports that the request was
				// sent.
				client.getRequestListeners().addHeadersListener((request) -> this.version = request.getVersion());
				client.getRequestListeners().addBeginListener(JettyRequestBody::install);
			}
		}

		/**
		 * Cancel a request. If only its body were closed, the client would cancel it when
		 * further bytes arrive.
		 */
		private static void cancel(ClientHttpResponse response) throws IOException {
			response.getBody().close();
			if (Undocumented.response(response) instanceof Response own) {
				own.abort(new AsynchronousCloseException());
			}
		}

		/** Establish the connection that requests share over HTTP/2. */
		void connect(String pool, URI server) {
			if (this.http2 && Undocumented.client(requestFactory(null)) instanceof HttpClient client) {
				this.connected = JettyHttp2.connect(pool, client, server);
			}
		}

		/**
		 * Send a request. If the connection ends, the client discards the part of a body
		 * that the caller has not read, even if it has received the whole body.
		 * Therefore, the response to a GET request is complete, so that the request can
		 * be sent again if this fails.
		 */
		@Override
		ClientHttpResponse begin(Exchange exchange, @Nullable Duration readTimeout) throws IOException {
			return CompleteResponse.of(exchange.method(), super.begin(exchange, readTimeout));
		}

		@Override
		public boolean isConnected() {
			return this.connected;
		}

		/** Return the name of the protocol, as that of the JDK's client. */
		@Override
		public @Nullable String protocol() {
			org.eclipse.jetty.http.HttpVersion version = this.version;
			return (version != null) ? version.asString().replace("HTTP/2.0", "HTTP/2") : null;
		}

		@Override
		public boolean sharesConnection() {
			org.eclipse.jetty.http.HttpVersion version = this.version;
			return (version != null) ? version == org.eclipse.jetty.http.HttpVersion.HTTP_2 : this.http2;
		}

		@Override
		void closeIdleConnections(ClientHttpRequestFactory requestFactory) {
			if (!sharesConnection() && Undocumented.client(requestFactory) instanceof HttpClient client) {
				client.getDestinations().forEach((server) -> closeIdle(server.getConnectionPool()));
			}
		}

		private static void closeIdle(ConnectionPool connections) {
			if (connections instanceof AbstractConnectionPool own) {
				for (int left = own.getIdleConnectionCount(); left > 0; left--) {
					Connection idle = own.acquire(false);
					if (idle != null) {
						idle.close();
					}
				}
			}
		}

		@Override
		void closeHidden(ClientHttpRequestFactory requestFactory) throws Exception {
			try {
				if (Undocumented.client(requestFactory) instanceof HttpClient client) {
					client.stop();
				}
			}
			finally {
				this.afterwards.run();
			}
		}

	}

}
