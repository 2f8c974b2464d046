package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import dev.servicepool.Outcome;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.netty.Connection;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientConfig;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.ReactorClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.ReactorClientHttpRequestFactory;

/**
 * Adapter of Reactor Netty.
 */
final class ReactorAdapter extends ClientAdapter {

	private static final Log logger = LogFactory.getLog(ReactorAdapter.class);

	/**
	 * Number of requests that may wait for a connection. The pool itself limits them.
	 */
	private static final int UNLIMITED = -1;

	@Override
	public boolean endsInterruptedRequests() {
		return true;
	}

	@Override
	boolean supports(ClientHttpRequestFactoryBuilder<?> builder) {
		return builder instanceof ReactorClientHttpRequestFactoryBuilder;
	}

	@Override
	boolean supports(ClientHttpRequestFactory requestFactory) {
		return requestFactory instanceof ReactorClientHttpRequestFactory;
	}

	@Override
	public ServiceClients clients(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options) {
		ReactorClientHttpRequestFactoryBuilder asBuilt = (ReactorClientHttpRequestFactoryBuilder) builder;
		boolean own = options.connections() == Connections.OWN;
		if (own && hasDefaultConnections(asBuilt, options.settings())) {
			return (settings, location, maxConcurrency) -> client(locate(asBuilt, location), options.pool(), settings,
					maxConcurrency);
		}
		if (own) {
			logger.info("Pool '" + options.pool()
					+ "': the application creates Reactor Netty's HTTP clients itself, so that"
					+ " the services share the connections of these clients.");
		}
		return (settings, location, maxConcurrency) -> client(locate(asBuilt, location).build(settings));
	}

	private static ReactorClientHttpRequestFactoryBuilder locate(ReactorClientHttpRequestFactoryBuilder builder,
			ServerLocation location) {
		return (location.name() != null)
				? builder.withHttpClientCustomizer((client) -> ReactorResolver.install(client, location)) : builder;
	}

	/** Build a temporary client to find out whether it uses a proxy. */
	@Override
	public @Nullable String obstacleToNames(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options,
			URI name) {
		AtomicBoolean proxied = new AtomicBoolean();
		((ReactorClientHttpRequestFactoryBuilder) builder).withHttpClientCustomizer((client) -> {
			proxied.set(client.configuration().hasProxy());
			return client;
		}).build(options.settings());
		return proxied.get() ? THROUGH_PROXY : null;
	}

	private static ServiceClient client(ReactorClientHttpRequestFactoryBuilder builder, String pool,
			HttpClientSettings settings, int maxConcurrency) {
		ConnectionProvider connections = ConnectionProvider.builder("pool-" + pool)
			.maxConnections(maxConcurrency)
			.pendingAcquireMaxCount(UNLIMITED)
			.build();
		AtomicReference<@Nullable HttpProtocol> protocol = new AtomicReference<>();
		ClientHttpRequestFactory requestFactory = builder.withHttpClientFactory(() -> HttpClient.create(connections))
			.withHttpClientCustomizer(
					(client) -> client.doOnRequest((request, connection) -> protocol.set(protocol(connection))))
			.build(settings);
		return new ReactorServiceClient(requestFactory, protocol, connections::dispose);
	}

	/** Return the protocol of a request, which has a stream of its own over HTTP/2. */
	private static HttpProtocol protocol(Connection connection) {
		return (connection.channel() instanceof Http2StreamChannel) ? HttpProtocol.H2 : HttpProtocol.HTTP11;
	}

	@Override
	ServiceClient client(ClientHttpRequestFactory requestFactory) {
		return new ReactorServiceClient(requestFactory, new AtomicReference<>(), () -> {
		});
	}

	/**
	 * Return whether the builder creates Reactor Netty's default client, whose
	 * connections belong to the JVM. The settings of any other client would be lost. Only
	 * a temporary client shows this.
	 */
	private static boolean hasDefaultConnections(ReactorClientHttpRequestFactoryBuilder builder,
			HttpClientSettings settings) {
		AtomicReference<@Nullable HttpClient> created = new AtomicReference<>();
		builder.withHttpClientDefaults((client) -> {
			created.set(client);
			return client;
		}).build(settings);
		HttpClientConfig actual = Objects.requireNonNull(created.get(), "client").configuration();
		HttpClientConfig plain = HttpClient.create().configuration();
		return actual.connectionProvider() == plain.connectionProvider() && actual.channelHash() == plain.channelHash()
				&& actual.headers().equals(plain.headers()) && actual.baseUrl() == null
				&& actual.responseTimeout() == null && actual.followRedirectPredicate() == null
				&& !actual.isRetryDisabled();
	}

	/**
	 * Classify an exception. Reading a body throws exceptions that are not checked.
	 */
	@Override
	@Nullable Outcome classify(Throwable cause) {
		Throwable unwrapped = Exceptions.unwrap(cause);
		if (unwrapped != cause) {
			return ClientFailures.classify(unwrapped);
		}
		if (cause instanceof SslHandshakeTimeoutException || cause instanceof PoolAcquireTimeoutException
				|| cause instanceof PoolAcquirePendingLimitException) {
			return Outcome.NOT_SENT;
		}
		return (cause instanceof ReadTimeoutException) ? Outcome.NO_RESPONSE : null;
	}

	/** Client of one service. Its request factory closes nothing. */
	private static final class ReactorServiceClient extends ServiceClient {

		/**
		 * Protocol of the last request that received a connection, {@code null} if it is
		 * unknown. Used by any thread.
		 */
		private final AtomicReference<@Nullable HttpProtocol> protocol;

		/** Whether the client offers HTTP/2. */
		private final boolean http2;

		private final Runnable connections;

		/**
		 * Create an instance.
		 * @param requestFactory the request factory
		 * @param protocol the protocol of the last request, if it becomes known
		 * @param connections closes the connections of the client
		 */
		ReactorServiceClient(ClientHttpRequestFactory requestFactory, AtomicReference<@Nullable HttpProtocol> protocol,
				Runnable connections) {
			super(requestFactory, Cancellation.CLOSE_BODY);
			this.protocol = protocol;
			this.http2 = Undocumented.client(requestFactory) instanceof HttpClient client
					&& List.of(client.configuration().protocols()).contains(HttpProtocol.H2);
			this.connections = connections;
		}

		/**
		 * Send a request. If the connection ends, the client may discard the part of a
		 * body that the caller has not read.
		 */
		@Override
		ClientHttpResponse begin(Exchange exchange, @Nullable Duration readTimeout) throws IOException {
			return CompleteResponse.of(exchange.method(), super.begin(exchange, readTimeout));
		}

		/** Return the name of the protocol, as that of the JDK's client. */
		@Override
		public @Nullable String protocol() {
			HttpProtocol protocol = this.protocol.get();
			return (protocol != null) ? ((protocol == HttpProtocol.H2) ? "HTTP/2" : "HTTP/1.1") : null;
		}

		@Override
		public boolean sharesConnection() {
			HttpProtocol protocol = this.protocol.get();
			return (protocol != null) ? protocol == HttpProtocol.H2 : this.http2;
		}

		@Override
		void closeHidden(ClientHttpRequestFactory closed) {
			this.connections.run();
			if (Undocumented.client(closed) instanceof HttpClient client) {
				ReactorResolver.uninstall(client);
			}
		}

	}

}
