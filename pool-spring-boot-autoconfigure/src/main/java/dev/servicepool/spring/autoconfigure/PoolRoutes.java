package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
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
 * Which pool takes care of the requests to which address: that of
 * {@code pool.instances.NAME.url} or the only one of its targets, if no other pool has
 * the same.
 */
final class PoolRoutes {

	private static final Log logger = LogFactory.getLog(PoolRoutes.class);

	private final Map<Origin, Route> routes = new HashMap<>();

	/**
	 * The way to a pool.
	 *
	 * @param pool the name of the pool
	 * @param explicit whether its address is configured as such, and not only its target
	 * @param supplier finds the pool
	 */
	private record Route(String pool, boolean explicit,
			SingletonSupplier<Pool<HttpCall, ClientHttpResponse>> supplier) {
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
	 * Whether there may be an address that stands for a pool: one that is configured as
	 * such, or an only target that looks like one.
	 */
	static boolean mayExist(PoolProperties properties) {
		return properties.getInstances()
			.values()
			.stream()
			.anyMatch((instance) -> instance.getUrl() != null
					|| instance.getTargets().stream().anyMatch(HttpPoolKind::looksLikeTarget));
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
			logger.warn("The pools '" + other.pool() + "' and '" + route.pool() + "' both have the only target " + url
					+ ", so requests to it go over neither, unless their client is set up with RestClientPools.fromPool."
					+ " Set 'pool.instances.NAME.url' for the one that is to take them");
		}
	}

	@SuppressWarnings("unchecked")
	private static Pool<HttpCall, ClientHttpResponse> httpPool(PoolRegistry registry, String bean) {
		return (Pool<HttpCall, ClientHttpResponse>) registry.pool(bean);
	}

	/** Look all pools up, so that none has to be when the container is closed. */
	void findPools() {
		this.routes.values().forEach((route) -> route.supplier().obtain());
	}

	/**
	 * Return the pool that takes care of a request.
	 * @param uri where the request goes
	 * @return the pool, or {@code null} if none does
	 */
	@Nullable Pool<HttpCall, ClientHttpResponse> pool(URI uri) {
		if (this.routes.isEmpty() || uri.getScheme() == null || uri.getHost() == null) {
			return null;
		}
		Route route = this.routes.get(Origin.of(uri).normalized());
		return (route != null) ? route.supplier().obtain() : null;
	}

}
