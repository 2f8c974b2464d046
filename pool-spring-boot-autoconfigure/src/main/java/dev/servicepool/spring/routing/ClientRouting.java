package dev.servicepool.spring.routing;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.RequestHandling;
import dev.servicepool.spring.http.RequestRouter;
import dev.servicepool.spring.http.RoutingClientHttpRequestFactory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;

/**
 * Connects the clients that Boot builds to the pools. A client uses a pool only if its
 * requests are then sent with the same settings as without the pool.
 */
final class ClientRouting {

	private static final Log logger = LogFactory.getLog(ClientRouting.class);

	private final BeanFactory beanFactory;

	private final SingletonSupplier<PoolRoutes> routes;

	private final SingletonSupplier<RequestHandling> handling;

	private final Function<String, @Nullable PooledClient> pooled;

	/**
	 * Create the routing of an application.
	 * @param beanFactory contains the settings of the clients
	 * @param routes supplies the routes; called by the first request or earlier
	 * @param handling supplies the handling of requests; called by the first client
	 * @param pooled returns the clients of a pool by its name, or {@code null} if a
	 * factory bean of the application creates them
	 */
	ClientRouting(BeanFactory beanFactory, SingletonSupplier<PoolRoutes> routes,
			SingletonSupplier<RequestHandling> handling, Function<String, @Nullable PooledClient> pooled) {
		this.beanFactory = beanFactory;
		this.routes = routes;
		this.handling = handling;
		this.pooled = pooled;
	}

	/**
	 * Connect a client to the pools.
	 * @param client the client
	 * @param settings the settings of the client
	 * @param customized whether the client has other settings that cannot be compared
	 */
	RoutingClientHttpRequestFactory apply(ClientHttpRequestFactory client, HttpClientSettings settings,
			boolean customized) {
		HttpClientSettings defaults = this.beanFactory.getBeanProvider(HttpClientSettings.class)
			.getIfAvailable(HttpClientSettings::defaults);
		List<String> own = ClientSettings.differences(settings, defaults);
		RequestRouter router = (own.isEmpty() && !customized) ? new Router()
				: new OwnSettingsRouter(settings, own, customized, new ClientName(settings, defaults));
		return new RoutingClientHttpRequestFactory(client, router, this.handling.obtain());
	}

	/**
	 * Router of a client that has the settings of the application.
	 */
	private class Router implements RequestRouter {

		@Override
		public @Nullable Pool<HttpCall, ClientHttpResponse> pool(URI uri) {
			PoolRoutes.Route route = ClientRouting.this.routes.obtain().route(uri);
			return (route != null) ? route.pool() : null;
		}

		@Override
		public URI uriWithoutPool(URI uri) {
			return ClientRouting.this.routes.obtain().uriWithoutPool(uri);
		}

	}

	/**
	 * Router of a client that has settings of its own.
	 */
	private final class OwnSettingsRouter extends Router {

		private final HttpClientSettings settings;

		/** Names of the settings that differ from those of the application. */
		private final List<String> own;

		private final boolean customized;

		private final ClientName name;

		/** Whether the client uses a pool, by its name. Used by any thread. */
		private final Map<String, Boolean> decisions = new ConcurrentHashMap<>();

		OwnSettingsRouter(HttpClientSettings settings, List<String> own, boolean customized, ClientName name) {
			this.settings = settings;
			this.own = own;
			this.customized = customized;
			this.name = name;
		}

		@Override
		public @Nullable Pool<HttpCall, ClientHttpResponse> pool(URI uri) {
			Pool<HttpCall, ClientHttpResponse> pool = super.pool(uri);
			return (pool != null && this.decisions.computeIfAbsent(pool.name(), this::canUse)) ? pool : null;
		}

		@Override
		public @Nullable Duration readTimeout() {
			return this.own.contains(ClientSettings.READ_TIMEOUT) ? this.settings.readTimeout() : null;
		}

		private boolean canUse(String pool) {
			PooledClient pooled = ClientRouting.this.pooled.apply(pool);
			if (pooled == null) {
				warn(pool, String.join(", ", this.own), "Configure the clients of the pool in its ServiceFactory bean,"
						+ " and remove these settings from the client.");
				return false;
			}
			if (this.customized) {
				warn(pool, "request factory customizers", "Declare a ClientHttpRequestFactoryBuilderCustomizer bean"
						+ " instead, which also applies to the clients of the pool.");
				return false;
			}
			List<String> different = ClientSettings.differences(this.settings, pooled.settings())
				.stream()
				.filter(this.own::contains)
				.filter((property) -> !isApplicable(property, pooled))
				.toList();
			if (!different.isEmpty()) {
				warn(pool, String.join(", ", different), different.contains(ClientSettings.ADDRESS_FILTER)
						? "Declare the filter as a bean, so that it also applies to the clients of the pool."
						: different.stream()
							.map((property) -> "'pool.instances." + pool + ".client." + property + "'")
							.collect(Collectors.joining(" and ", "Set ", " to the values of this client")) + ".");
			}
			return different.isEmpty();
		}

		private boolean isApplicable(String property, PooledClient pooled) {
			return property.equals(ClientSettings.READ_TIMEOUT) && pooled.canReplaceReadTimeout()
					&& this.settings.readTimeout() != null;
		}

		private void warn(String pool, String settings, String remedy) {
			logger.warn("Pool '" + pool + "': requests of " + this.name.in(ClientRouting.this.beanFactory)
					+ " do not use the pool, because the HTTP clients that the pool creates do not have the " + settings
					+ " of this client. " + remedy);
		}

	}

}
