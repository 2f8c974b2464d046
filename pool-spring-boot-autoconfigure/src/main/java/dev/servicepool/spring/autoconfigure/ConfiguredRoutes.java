package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.servicepool.spring.http.Origin;
import dev.servicepool.spring.routing.PoolRoutes;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.function.SingletonSupplier;

/**
 * Creates the routes to the HTTP pools from their configuration.
 */
final class ConfiguredRoutes {

	private ConfiguredRoutes() {
	}

	/**
	 * Return the routes to all pools that have an address.
	 * @throws PoolConfigurationException if two pools have the same explicit address
	 */
	static PoolRoutes of(PoolRegistry registry, PoolProperties properties) {
		List<PoolRoutes.Route> routes = new ArrayList<>();
		Map<Origin, PoolRoutes.Route> explicit = new HashMap<>();
		for (PoolConfiguration configuration : properties.pools()) {
			PoolRoutes.Route route = route(configuration, registry);
			if (route != null) {
				requireOtherUrl(route, explicit);
				routes.add(route);
			}
		}
		return new PoolRoutes(routes);
	}

	private static void requireOtherUrl(PoolRoutes.Route route, Map<Origin, PoolRoutes.Route> explicit) {
		PoolRoutes.Route other = (route.explicit() && route.isUsed())
				? explicit.putIfAbsent(route.address().normalized(), route) : null;
		if (other != null) {
			throw PoolConfigurationException.sameUrl(route.address(), other.name(), route.name());
		}
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

	private static PoolRoutes.@Nullable Route route(PoolConfiguration configuration, PoolRegistry registry) {
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
		return new PoolRoutes.Route(pool, Origin.of(url), addresses.url() != null, Origin.of(withoutPool),
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

}
