package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

import dev.servicepool.Outcome;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.RetryableRequestException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JettyClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JettyClientHttpRequestFactory;

/**
 * Adapter of Jetty's HTTP client.
 */
final class JettyAdapter extends ClientAdapter {

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

	private ServiceClients clients(JettyClientHttpRequestFactoryBuilder asBuilt, ServiceClientOptions options) {
		if (options.connections() == Connections.AS_BUILT) {
			return (maxConcurrency) -> client(asBuilt.build(options.settings()));
		}
		JettyThreads threads = new JettyThreads(options.pool());
		JettyClientHttpRequestFactoryBuilder own = asBuilt.withHttpClientCustomizer(threads::configure);
		return (maxConcurrency) -> {
			ClientHttpRequestFactory requestFactory = own
				.withHttpClientCustomizer((client) -> client.setMaxConnectionsPerDestination(maxConcurrency))
				.build(options.settings());
			threads.acquire();
			return new JettyServiceClient(requestFactory, threads::release);
		};
	}

	@Override
	ServiceClient client(ClientHttpRequestFactory requestFactory) {
		return new JettyServiceClient(requestFactory, () -> {
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

	/** Return whether the server refused a stream, or excluded it by a GOAWAY. */
	@Override
	boolean isRefused(Throwable cause) {
		return cause instanceof RetryableRequestException
				|| (cause instanceof IOException && Undocumented.JETTY_REFUSED.equals(cause.getMessage()));
	}

	/**
	 * Client of one service. Its request factory stops the client only if the request
	 * factory has created it.
	 */
	private static final class JettyServiceClient extends ServiceClient {

		private final Runnable afterwards;

		/** Version of the last request that was sent. Used by any thread. */
		private volatile org.eclipse.jetty.http.@Nullable HttpVersion version;

		JettyServiceClient(ClientHttpRequestFactory requestFactory, Runnable afterwards) {
			super(requestFactory);
			this.afterwards = afterwards;
			if (Undocumented.client(requestFactory) instanceof HttpClient client) {
				client.getRequestListeners().addCommitListener((request) -> this.version = request.getVersion());
			}
		}

		/** Return the name of the protocol, as that of the JDK's client. */
		@Override
		public @Nullable String protocol() {
			org.eclipse.jetty.http.HttpVersion version = this.version;
			return (version != null) ? version.asString().replace("HTTP/2.0", "HTTP/2") : null;
		}

		@Override
		public boolean sharesConnection() {
			return this.version == org.eclipse.jetty.http.HttpVersion.HTTP_2;
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
