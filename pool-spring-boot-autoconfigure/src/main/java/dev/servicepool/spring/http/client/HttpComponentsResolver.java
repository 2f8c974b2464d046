package dev.servicepool.spring.http.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;

/**
 * Resolver of Apache's client that resolves the name of a server to the address of one
 * target. All other names, to which redirects may lead, are resolved as without a pool.
 */
final class HttpComponentsResolver implements DnsResolver {

	private final ServerLocation location;

	private final DnsResolver others;

	private HttpComponentsResolver(ServerLocation location, DnsResolver others) {
		this.location = location;
		this.others = others;
	}

	static void install(PoolingHttpClientConnectionManagerBuilder manager, ServerLocation location) {
		DnsResolver others = (Undocumented.dnsResolver(manager) instanceof DnsResolver configured) ? configured
				: SystemDefaultDnsResolver.INSTANCE;
		manager.setDnsResolver(new HttpComponentsResolver(location, others));
	}

	@Override
	public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
		InetSocketAddress address = this.location.addressOf(host, port);
		return (address != null) ? List.of(address) : this.others.resolve(host, port);
	}

	@Override
	public InetAddress[] resolve(String host) throws UnknownHostException {
		return this.others.resolve(host);
	}

	@Override
	public String resolveCanonicalHostname(String host) throws UnknownHostException {
		return this.others.resolveCanonicalHostname(host);
	}

}
