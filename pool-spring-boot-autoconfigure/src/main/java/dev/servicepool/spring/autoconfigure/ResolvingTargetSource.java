package dev.servicepool.spring.autoconfigure;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.servicepool.Target;
import dev.servicepool.spring.http.Origin;
import dev.servicepool.spring.TargetSource;

/**
 * {@link TargetSource} that resolves the hosts of targets to their addresses (DNS records
 * A and AAAA). The JVM caches addresses for {@code networkaddress.cache.ttl} seconds.
 */
final class ResolvingTargetSource implements TargetSource {

	private final List<Target> targets;

	private final Resolver resolver;

	ResolvingTargetSource(List<Target> targets, Resolver resolver) {
		this.targets = targets;
		this.resolver = resolver;
	}

	/** Looks up addresses, as {@link InetAddress#getAllByName} does. */
	interface Resolver {

		InetAddress[] addresses(String host) throws UnknownHostException;

	}

	@Override
	public List<URI> targets(String pool) throws UnknownHostException {
		Set<URI> found = new LinkedHashSet<>();
		for (Target target : this.targets) {
			URI uri = target.uri();
			if (uri != null) {
				for (InetAddress address : this.resolver.addresses(uri.getHost())) {
					Origin origin = new Origin(uri.getScheme(), host(address), uri.getPort());
					found.add(URI.create(origin.toString()));
				}
			}
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

}
