package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.servicepool.Pool;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.Origin;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;

/**
 * Routes from addresses to pools. The address of a pool is
 * {@code pool.instances.NAME.url}. If this property is not set, the address is the only
 * target of the pool, unless another pool has the same only target.
 */
final class PoolRoutes {

	private static final Log logger = LogFactory.getLog(PoolRoutes.class);

	private final Map<Origin, Route> routes = new HashMap<>();

	private final MissedRequests missedRequests;

	/** Whether some requests need another address if they do not use the pool. */
	private final boolean movesRequests;

	/**
	 * Route of the requests to the address of a pool.
	 *
	 * @param name the name of the pool
	 * @param address the address of the pool
	 * @param explicit whether the address is configured explicitly, and not only as
	 * target
	 * @param withoutPool the address of requests that do not use the pool
	 * @param supplier the supplier of the pool; {@code null} if clients do not use it
	 */
	record Route(String name, Origin address, boolean explicit, Origin withoutPool,
			@Nullable SingletonSupplier<Pool<HttpCall, ClientHttpResponse>> supplier) {

		@Nullable Pool<HttpCall, ClientHttpResponse> pool() {
			return (this.supplier != null) ? this.supplier.obtain() : null;
		}

		boolean movesRequests() {
			return !this.withoutPool.equals(this.address);
		}

	}

	PoolRoutes(PoolRegistry registry, PoolProperties properties) {
		Set<Origin> ambiguous = new HashSet<>();
		List<Route> unused = new ArrayList<>();
		for (PoolConfiguration configuration : properties.pools()) {
			Route route = route(configuration, registry);
			if (route != null && route.supplier() != null) {
				add(route, ambiguous);
			}
			else if (route != null) {
				unused.add(route);
			}
		}
		this.routes.keySet().removeAll(ambiguous);
		unused.forEach((route) -> this.routes.putIfAbsent(route.address().normalized(), route));
		this.missedRequests = new MissedRequests(this.routes.values());
		this.movesRequests = this.routes.values().stream().anyMatch(Route::movesRequests);
	}

	/**
	 * Return the names of the pools that may have an address: an explicit address, the
	 * name of a service in a registry, or a target that looks like an address.
	 */
	static List<String> poolsWithAddress(PoolProperties properties) {
		return properties.pools()
			.stream()
			.filter((pool) -> pool.addresses().url() != null || pool.addresses().discovery().enabled()
					|| pool.addresses().targets().stream().anyMatch(HttpPoolKind::looksLikeTarget))
			.map(PoolConfiguration::pool)
			.toList();
	}

	private static @Nullable Route route(PoolConfiguration configuration, PoolRegistry registry) {
		String pool = configuration.pool();
		PoolAddresses addresses = configuration.addresses();
		String bean = registry.likelyBean(pool);
		if (!((bean != null) ? isHttp(pool, bean, addresses, registry) : isDisabledHttpPool(configuration))) {
			return null;
		}
		PoolKind kind = new HttpPoolKind();
		URI url = addresses.url(kind);
		URI withoutPool = addresses.urlWithoutPool(kind, registry.hasFactory(pool));
		if (url == null && addresses.discovery().enabled()) {
			url = addresses.urlOfService(kind);
			withoutPool = url;
		}
		if (url == null || withoutPool == null) {
			return null;
		}
		return new Route(pool, Origin.of(url), addresses.url() != null, Origin.of(withoutPool),
				(bean != null && configuration.routed()) ? SingletonSupplier.of(() -> HttpPoolKind.pool(registry, bean))
						: null);
	}

	private static boolean isHttp(String pool, String bean, PoolAddresses addresses, PoolRegistry registry) {
		ResolvableType type = registry.type(bean);
		if (addresses.url() != null) {
			HttpPoolKind.requireHttp(pool, type);
		}
		return HttpPoolKind.isHttp(type);
	}

	private static boolean isDisabledHttpPool(PoolConfiguration configuration) {
		return !configuration.enabled()
				&& configuration.addresses().targets().stream().allMatch(HttpPoolKind::looksLikeTarget);
	}

	private void add(Route route, Set<Origin> ambiguous) {
		Origin address = route.address().normalized();
		Route other = this.routes.get(address);
		if (other == null || (route.explicit() && !other.explicit())) {
			this.routes.put(address, route);
			ambiguous.remove(address);
		}
		else if (route.explicit()) {
			throw PoolConfigurationException.sameUrl(route.address(), other.name(), route.name());
		}
		else if (!other.explicit() && ambiguous.add(address)) {
			logger.warn("Pool '" + other.name() + "': requests to " + route.address()
					+ " use neither this pool nor pool '" + route.name() + "', because both have this address as their"
					+ " only target. Set 'pool.instances.NAME.url' for the pool that these requests should use, or"
					+ " use RestClientPools.fromPool to configure the client that sends them.");
		}
	}

	/**
	 * Look up all pools now, so that no request has to look up a pool while the container
	 * is being closed.
	 */
	void findPools() {
		this.routes.values().forEach(Route::pool);
	}

	/**
	 * Return the route to the pool that serves a request.
	 * @param uri the URI of the request
	 * @return the route, or {@code null} if no pool serves the request
	 */
	@Nullable Route route(URI uri) {
		if (this.routes.isEmpty() || uri.getScheme() == null || uri.getHost() == null) {
			return null;
		}
		Route route = this.routes.get(Origin.of(uri).normalized());
		if (route == null) {
			this.missedRequests.check(uri);
		}
		return route;
	}

	/**
	 * Return the URI to which a request is sent that does not use the pool.
	 * @param uri the URI of the request
	 */
	URI uriWithoutPool(URI uri) {
		Route route = this.movesRequests ? route(uri) : null;
		return (route != null && route.movesRequests()) ? route.withoutPool().move(uri) : uri;
	}

}
