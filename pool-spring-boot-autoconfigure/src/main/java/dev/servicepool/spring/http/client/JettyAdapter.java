package dev.servicepool.spring.http.client;

import java.util.concurrent.RejectedExecutionException;

import dev.servicepool.Outcome;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpResponseException;
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

	/**
	 * Classify an exception. The client rejects a request without sending it if too many
	 * requests wait for a connection.
	 */
	@Override
	@Nullable Outcome classify(Throwable cause) {
		if (cause instanceof RejectedExecutionException && Undocumented.isFullQueue(cause)) {
			return Outcome.NOT_SENT;
		}
		return (cause instanceof HttpResponseException) ? Outcome.SERVER_ERROR : null;
	}

	/**
	 * Client of one service. Its request factory stops the client only if the request
	 * factory has created it.
	 */
	private static final class JettyServiceClient extends ServiceClient {

		private final Runnable afterwards;

		JettyServiceClient(ClientHttpRequestFactory requestFactory, Runnable afterwards) {
			super(requestFactory);
			this.afterwards = afterwards;
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
