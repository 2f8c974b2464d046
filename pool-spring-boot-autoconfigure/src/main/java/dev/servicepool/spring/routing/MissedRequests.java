package dev.servicepool.spring.routing;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.spring.http.Origin;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Finds requests that probably should use a pool but have a slightly different address:
 * another scheme, another port, or another name of the loopback interface. The first such
 * request causes a warning, unless the pool has had a call.
 */
final class MissedRequests {

	private static final Log logger = LogFactory.getLog(MissedRequests.class);

	private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

	/**
	 * Routes to pools without a call and without a warning, by host. Any thread removes
	 * routes.
	 */
	private final Map<String, Set<PoolRoutes.Route>> unused = new ConcurrentHashMap<>();

	MissedRequests(Collection<PoolRoutes.Route> routes) {
		for (PoolRoutes.Route route : routes) {
			if (route.supplier() != null) {
				this.unused.computeIfAbsent(host(route.address().host()), (host) -> ConcurrentHashMap.newKeySet())
					.add(route);
			}
		}
	}

	/**
	 * Check a request that uses no pool.
	 * @param uri the URI of the request, with a scheme and a host
	 */
	void check(URI uri) {
		Set<PoolRoutes.Route> similar = this.unused.get(host(uri.getHost()));
		if (similar == null) {
			return;
		}
		for (PoolRoutes.Route route : similar) {
			if (similar.remove(route) && !isUsed(route)) {
				logger.warn("Pool '" + route.name() + "': a request to " + Origin.of(uri)
						+ " does not use this pool, because the address of the pool is " + route.address()
						+ ". If the pool should serve such requests, change their address or 'pool.instances."
						+ route.name() + ".url'.");
			}
		}
		if (similar.isEmpty()) {
			this.unused.remove(host(uri.getHost()));
		}
	}

	private static boolean isUsed(PoolRoutes.Route route) {
		Pool<?, ?> pool = route.pool();
		PoolSnapshot snapshot = (pool != null) ? pool.snapshot() : null;
		return snapshot == null || snapshot.load().inFlight() > 0 || snapshot.load().waiting() > 0
				|| !snapshot.totals().calls().equals(new PoolSnapshot.Calls(0, 0, 0, 0, 0, 0, 0));
	}

	private static String host(String host) {
		String lowerCase = host.toLowerCase(Locale.ROOT);
		return LOOPBACK.contains(lowerCase) ? "localhost" : lowerCase;
	}

}
