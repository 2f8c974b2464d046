package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import java.net.URI;
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

	/**
	 * Route to a pool.
	 *
	 * @param pool the name of the pool
	 * @param explicit whether the address is configured explicitly, and not only as
	 * target
	 * @param supplier the supplier of the pool
	 */
	record Route(String pool, boolean explicit, SingletonSupplier<Pool<HttpCall, ClientHttpResponse>> supplier) {

		Pool<HttpCall, ClientHttpResponse> obtain() {
			return this.supplier.obtain();
		}

	}

	PoolRoutes(PoolRegistry registry, PoolProperties properties) {
		Set<PoolName> seen = new HashSet<>();
		Set<Origin> ambiguous = new HashSet<>();
		for (String instance : properties.getInstances().keySet()) {
			LayeredOptions options = new LayeredOptions(instance, properties);
			String bean = options.isEnabled() ? registry.likelyBean(instance) : null;
			if (bean != null && seen.add(PoolName.of(instance))) {
				add(instance, bean, options, registry, ambiguous);
			}
		}
		this.routes.keySet().removeAll(ambiguous);
	}

	/**
	 * Return the names of the pools that may have an address: an explicit address, or a
	 * target that looks like one.
	 */
	static List<PoolName> poolsWithAddress(PoolProperties properties) {
		return properties.getInstances()
			.entrySet()
			.stream()
			.filter((instance) -> instance.getValue().getUrl() != null
					|| instance.getValue().getTargets().stream().anyMatch(HttpPoolKind::looksLikeTarget))
			.map((instance) -> PoolName.of(instance.getKey()))
			.distinct()
			.toList();
	}

	private void add(String pool, String bean, LayeredOptions options, PoolRegistry registry, Set<Origin> ambiguous) {
		ResolvableType type = registry.type(bean);
		if (!HttpPoolKind.isHttp(type)) {
			if (options.hasUrl()) {
				throw PoolConfigurationException.notHttp(pool, type.getGeneric(0).resolve());
			}
			return;
		}
		URI url = options.url(new HttpPoolKind());
		if (url != null) {
			add(url, new Route(pool, options.hasUrl(), SingletonSupplier.of(() -> httpPool(registry, bean))),
					ambiguous);
		}
	}

	private void add(URI url, Route route, Set<Origin> ambiguous) {
		Origin origin = Origin.of(url).normalized();
		Route other = this.routes.get(origin);
		if (other == null || (route.explicit() && !other.explicit())) {
			this.routes.put(origin, route);
			ambiguous.remove(origin);
		}
		else if (route.explicit()) {
			throw PoolConfigurationException.sameUrl(url, other.pool(), route.pool());
		}
		else if (!other.explicit() && ambiguous.add(origin)) {
			logger.warn("Pool '" + other.pool() + "': requests to " + url + " do not use this pool, because pool '"
					+ route.pool() + "' has the same only target."
					+ " Set 'pool.instances.NAME.url' for the pool that these requests should use, or use"
					+ " RestClientPools.fromPool to configure the client that sends them.");
		}
	}

	@SuppressWarnings("unchecked")
	private static Pool<HttpCall, ClientHttpResponse> httpPool(PoolRegistry registry, String bean) {
		return (Pool<HttpCall, ClientHttpResponse>) registry.pool(bean);
	}

	/**
	 * Look up all pools now, so that no request has to look up a pool while the container
	 * is being closed.
	 */
	void findPools() {
		this.routes.values().forEach(Route::obtain);
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
		return this.routes.get(Origin.of(uri).normalized());
	}

}
