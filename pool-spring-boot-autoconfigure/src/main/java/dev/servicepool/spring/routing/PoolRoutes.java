package dev.servicepool.spring.routing;

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

import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;

/**
 * Routes from addresses to pools. The address of a pool is
 * {@code pool.instances.NAME.url}. If this property is not set, the address is the only
 * target of the pool, unless another pool has the same only target.
 */
public final class PoolRoutes {

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
	public record Route(String name, Origin address, boolean explicit, Origin withoutPool,
			@Nullable SingletonSupplier<Pool<HttpCall, ClientHttpResponse>> supplier) {

		/**
		 * Return the pool.
		 * @return the pool, or {@code null} if clients do not use it
		 */
		public @Nullable Pool<HttpCall, ClientHttpResponse> pool() {
			return (this.supplier != null) ? this.supplier.obtain() : null;
		}

		/**
		 * Return whether clients use the pool.
		 * @return whether the route has a pool
		 */
		public boolean isUsed() {
			return this.supplier != null;
		}

		boolean movesRequests() {
			return !this.withoutPool.equals(this.address);
		}

	}

	/**
	 * Create the routes of an application.
	 * @param routes the routes, whose explicit addresses differ
	 */
	public PoolRoutes(List<Route> routes) {
		Set<Origin> ambiguous = new HashSet<>();
		routes.stream().filter(Route::isUsed).forEach((route) -> add(route, ambiguous));
		this.routes.keySet().removeAll(ambiguous);
		routes.stream()
			.filter((route) -> !route.isUsed())
			.forEach((route) -> this.routes.putIfAbsent(route.address().normalized(), route));
		this.missedRequests = new MissedRequests(this.routes.values());
		this.movesRequests = this.routes.values().stream().anyMatch(Route::movesRequests);
	}

	private void add(Route route, Set<Origin> ambiguous) {
		Origin address = route.address().normalized();
		Route other = this.routes.get(address);
		if (other == null || (route.explicit() && !other.explicit())) {
			this.routes.put(address, route);
			ambiguous.remove(address);
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
	public void findPools() {
		this.routes.values().forEach(Route::pool);
	}

	/**
	 * Return the route to the pool that serves a request.
	 * @param uri the URI of the request
	 * @return the route, or {@code null} if no pool serves the request
	 */
	public @Nullable Route route(URI uri) {
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
