package dev.servicepool.spring.http.client;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.servicepool.Outcome;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.cookie.CookieStore;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.EofSensorInputStream;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * Adapter of Apache HttpClient.
 */
final class HttpComponentsAdapter extends ClientAdapter {

	private static final Log logger = LogFactory.getLog(HttpComponentsAdapter.class);

	@Override
	boolean supports(ClientHttpRequestFactoryBuilder<?> builder) {
		return builder instanceof HttpComponentsClientHttpRequestFactoryBuilder;
	}

	@Override
	boolean supports(ClientHttpRequestFactory requestFactory) {
		return requestFactory instanceof HttpComponentsClientHttpRequestFactory;
	}

	@Override
	public ServiceClients clients(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options) {
		HttpComponentsClientHttpRequestFactoryBuilder asBuilt = (HttpComponentsClientHttpRequestFactoryBuilder) builder;
		boolean shared = isConnectionManagerShared(asBuilt, options.settings());
		if (shared) {
			logger.warn("Pool '" + options.pool()
					+ "': a customizer gives all HTTP clients the same connection manager,"
					+ " so that all services share its connections and its limits. Configure connection managers with"
					+ " HttpComponentsClientHttpRequestFactoryBuilder.withConnectionManagerCustomizer instead.");
		}
		AtomicReference<@Nullable CookieStore> cookies = new AtomicReference<>();
		HttpComponentsClientHttpRequestFactoryBuilder own = asBuilt
			.withHttpClientCustomizer((client) -> configure(client, shared))
			.withHttpClientCustomizer((client) -> shareCookies(client, cookies));
		if (options.connections() == Connections.AS_BUILT) {
			return (settings, location, maxConcurrency) -> client(locate(own, location, settings).build(settings));
		}
		return (settings, location,
				maxConcurrency) -> client(locate(own, location, settings)
					.withConnectionManagerCustomizer(
							(manager) -> manager.setMaxConnPerRoute(maxConcurrency).setMaxConnTotal(maxConcurrency))
					.build(settings));
	}

	private static HttpComponentsClientHttpRequestFactoryBuilder locate(
			HttpComponentsClientHttpRequestFactoryBuilder builder, ServerLocation location,
			HttpClientSettings settings) {
		return (location.name() != null)
				? builder.withConnectionManagerCustomizer(
						(manager) -> HttpComponentsResolver.install(manager, location, settings.inetAddressFilter()))
				: builder;
	}

	@Override
	public @Nullable String obstacleToNames(ClientHttpRequestFactoryBuilder<?> builder, ServiceClientOptions options,
			URI name) {
		HttpComponentsClientHttpRequestFactoryBuilder asBuilt = (HttpComponentsClientHttpRequestFactoryBuilder) builder;
		if (isConnectionManagerShared(asBuilt, options.settings())) {
			return "a customizer gives all HTTP clients the same connection manager";
		}
		return isProxied(asBuilt, options.settings(), name) ? THROUGH_PROXY : null;
	}

	/**
	 * Build a temporary client to find out whether it uses a proxy, possibly that of the
	 * system properties.
	 */
	private static boolean isProxied(HttpComponentsClientHttpRequestFactoryBuilder builder, HttpClientSettings settings,
			URI name) {
		HttpComponentsClientHttpRequestFactory temporary = builder
			.withHttpClientCustomizer((client) -> client.setConnectionManagerShared(true))
			.build(settings);
		HttpHost host = new HttpHost(name.getScheme(), name.getHost(), ServerLocation.port(name));
		try {
			return !(Undocumented.routePlanner(temporary.getHttpClient()) instanceof HttpRoutePlanner routes)
					|| routes.determineRoute(host, HttpClientContext.create()).getProxyHost() != null;
		}
		catch (HttpException ex) {
			throw new IllegalStateException("Could not determine the route to " + host, ex);
		}
	}

	/**
	 * Build two temporary clients to find out whether the application gives all clients
	 * the same connection manager.
	 */
	private static boolean isConnectionManagerShared(HttpComponentsClientHttpRequestFactoryBuilder builder,
			HttpClientSettings settings) {
		List<@Nullable Object> managers = new ArrayList<>();
		HttpComponentsClientHttpRequestFactoryBuilder temporary = builder.withHttpClientCustomizer((client) -> {
			managers.add(Undocumented.connectionManager(client));
			// No thread is started for connections that are never opened.
			client.setConnectionManagerShared(true);
		});
		temporary.build(settings);
		temporary.build(settings);
		return managers.get(0) == managers.get(1);
	}

	@Override
	ServiceClient client(ClientHttpRequestFactory requestFactory) {
		return new HttpComponentsServiceClient(requestFactory);
	}

	/**
	 * Close the connection of a response. Closing the body would read it to the end, and
	 * only this type of body can be aborted.
	 */
	private static void cancel(ClientHttpResponse response) throws IOException {
		if (response.getBody() instanceof EofSensorInputStream body) {
			body.abort();
		}
		else {
			response.close();
		}
	}

	private static void configure(HttpClientBuilder client, boolean shared) {
		if (shared) {
			client.setConnectionManagerShared(true);
		}
		if (Undocumented.retryStrategy(client) == null) {
			client.setRetryStrategy(new FailureRetries());
		}
	}

	/**
	 * Let all clients use the cookie store of the first one, because callers do not
	 * select the service of their next request.
	 */
	private static void shareCookies(HttpClientBuilder client, AtomicReference<@Nullable CookieStore> cookies) {
		cookies.compareAndSet(null, (Undocumented.cookieStore(client) instanceof CookieStore configured) ? configured
				: new BasicCookieStore());
		client.setDefaultCookieStore(cookies.get());
	}

	/**
	 * Classify an exception. Both timeouts have types that extend exceptions of the JDK
	 * with another meaning.
	 */
	@Override
	@Nullable Outcome classify(Throwable cause) {
		if (cause instanceof ConnectTimeoutException || cause instanceof ConnectionRequestTimeoutException) {
			return Outcome.NOT_SENT;
		}
		return (cause instanceof ClientProtocolException) ? Outcome.SERVER_ERROR : null;
	}

	/** Client of one service. */
	private static final class HttpComponentsServiceClient extends ServiceClient {

		HttpComponentsServiceClient(ClientHttpRequestFactory requestFactory) {
			super(requestFactory, HttpComponentsAdapter::cancel);
		}

		@Override
		void closeIdleConnections(ClientHttpRequestFactory requestFactory) {
			if (requestFactory instanceof HttpComponentsClientHttpRequestFactory own
					&& Undocumented.connectionManager(own.getHttpClient()) instanceof ConnPoolControl<?> connections) {
				connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
			}
		}

	}

	/**
	 * The default strategy without its retries after responses. Such a retry would hide
	 * an overloaded server from the pool, and the caller would wait for a second.
	 */
	private static final class FailureRetries extends DefaultHttpRequestRetryStrategy {

		@Override
		public boolean retryRequest(HttpResponse response, int attempts, HttpContext context) {
			return false;
		}

	}

}
