package dev.servicepool.spring.autoconfigure;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.servicepool.Target;
import dev.servicepool.spring.TargetSource;
import dev.servicepool.spring.http.Origin;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * {@link TargetSource} that resolves the hosts of targets to their addresses (DNS records
 * A and AAAA). The JVM caches addresses for {@code networkaddress.cache.ttl} seconds, and
 * a cached response does not count as a lookup.
 * <p>
 * A DNS server often returns only some of many addresses. Therefore, an address is
 * removed only after it was missing from three lookups in succession that found the same
 * addresses. If the addresses differ each time, or if some have returned, an address is
 * removed after it was missing from 30 lookups. In any case, it is removed if it is
 * missing and its services are ejected. A host that cannot be resolved keeps its
 * addresses and does not affect the other hosts.
 */
final class ResolvingTargetSource implements TargetSource {

	private static final Log logger = LogFactory.getLog(ResolvingTargetSource.class);

	/** The number of equal lookups from which a removed address is missing. */
	private static final int EQUAL_LOOKUPS = 3;

	/** The number of lookups from which a removed address is missing in any case. */
	private static final int LOOKUPS = 30;

	private final List<Host> hosts;

	private final Resolver resolver;

	private final Supplier<Set<String>> failing;

	/**
	 * Create a source.
	 * @param targets the targets whose hosts are resolved
	 * @param resolver looks up addresses
	 * @param failing returns the names of the targets that do not work
	 */
	ResolvingTargetSource(List<Target> targets, Resolver resolver, Supplier<Set<String>> failing) {
		this.hosts = targets.stream().map(Target::uri).map(Host::new).toList();
		this.resolver = resolver;
		this.failing = failing;
	}

	/** Looks up addresses, as {@link InetAddress#getAllByName} does. */
	interface Resolver {

		InetAddress[] addresses(String host) throws UnknownHostException;

	}

	/**
	 * Resolve the hosts.
	 * @throws UnknownHostException if no host has an address
	 */
	@Override
	public List<URI> targets(String pool) throws UnknownHostException {
		Set<URI> found = new LinkedHashSet<>();
		Set<String> failing = this.failing.get();
		UnknownHostException failure = null;
		for (Host host : this.hosts) {
			try {
				host.found(this.resolver.addresses(host.uri.getHost()), failing);
			}
			catch (UnknownHostException ex) {
				host.failed(pool);
				failure = ex;
			}
			found.addAll(host.missing.keySet());
		}
		if (found.isEmpty() && failure != null) {
			throw failure;
		}
		return new ArrayList<>(found);
	}

	/**
	 * Return an address as the host of a URI, which cannot contain a network interface.
	 */
	private static String host(InetAddress address) {
		String text = address.getHostAddress().replaceFirst("%.*", "");
		return (address instanceof Inet6Address) ? "[" + text + "]" : text;
	}

	/** Host with its addresses. */
	private static final class Host {

		private final URI uri;

		/**
		 * The addresses, and the number of lookups in succession from which they were
		 * missing.
		 */
		private final Map<URI, Integer> missing = new LinkedHashMap<>();

		/** The last response, which the JVM may have cached. */
		private InetAddress[] response = {};

		/** The addresses that the last lookup found. */
		private Set<URI> last = Set.of();

		/** The number of lookups in succession that found these addresses. */
		private int equal;

		/** The number of lookups since a missing address returned. */
		private int sinceReturn = LOOKUPS;

		private boolean failing;

		Host(URI uri) {
			this.uri = uri;
		}

		void found(InetAddress[] addresses, Set<String> failing) {
			this.failing = false;
			if (!isCached(addresses)) {
				this.response = addresses;
				update(addresses);
			}
			this.missing.entrySet()
				.removeIf((entry) -> entry.getValue() > 0 && failing.contains(Target.of(entry.getKey()).name()));
		}

		/** Return whether the JVM has cached a response: its elements are the same. */
		private boolean isCached(InetAddress[] addresses) {
			return addresses.length == this.response.length
					&& IntStream.range(0, addresses.length).allMatch((i) -> addresses[i] == this.response[i]);
		}

		private void update(InetAddress[] addresses) {
			Set<URI> found = new LinkedHashSet<>();
			for (InetAddress address : addresses) {
				Origin origin = new Origin(this.uri.getScheme(), host(address), this.uri.getPort());
				found.add(URI.create(origin.toString()));
			}
			this.equal = found.equals(this.last) ? this.equal + 1 : 1;
			this.last = found;
			this.sinceReturn = found.stream().anyMatch(this::isMissing) ? 0 : this.sinceReturn + 1;
			this.missing.replaceAll((address, lookups) -> lookups + 1);
			found.forEach((address) -> this.missing.put(address, 0));
			boolean complete = this.equal >= EQUAL_LOOKUPS && this.sinceReturn >= LOOKUPS;
			int limit = complete ? EQUAL_LOOKUPS : LOOKUPS;
			this.missing.values().removeIf((lookups) -> lookups >= limit);
		}

		/** Return whether an address is known but was missing from the last lookup. */
		private boolean isMissing(URI address) {
			return this.missing.getOrDefault(address, 0) > 0;
		}

		void failed(String pool) {
			if (!this.failing) {
				this.failing = true;
				logger.warn("Pool '" + pool + "': the host '" + this.uri.getHost()
						+ "' cannot be resolved; keeping its last addresses (" + this.missing.size() + ").");
			}
		}

	}

}
