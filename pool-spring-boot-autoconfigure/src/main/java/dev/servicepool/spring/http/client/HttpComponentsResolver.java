package dev.servicepool.spring.http.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.InetAddressFilter;

/**
 * Resolver of Apache's client that resolves the name of a server to the address of one
 * target. All other names, to which redirects may lead, are resolved as without a pool.
 */
final class HttpComponentsResolver implements DnsResolver {

	private final ServerLocation location;

	private final DnsResolver others;

	private final @Nullable InetAddressFilter filter;

	private HttpComponentsResolver(ServerLocation location, DnsResolver others, @Nullable InetAddressFilter filter) {
		this.location = location;
		this.others = others;
		this.filter = filter;
	}

	static void install(PoolingHttpClientConnectionManagerBuilder manager, ServerLocation location,
			@Nullable InetAddressFilter filter) {
		DnsResolver others = (Undocumented.dnsResolver(manager) instanceof DnsResolver configured) ? configured
				: SystemDefaultDnsResolver.INSTANCE;
		manager.setDnsResolver(new HttpComponentsResolver(location, others, filter));
	}

	@Override
	public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
		InetSocketAddress address = this.location.addressOf(host, port);
		if (address == null) {
			return this.others.resolve(host, port);
		}
		if (this.filter != null && !this.filter.matches(address)) {
			// Boot's resolver rejects the address. One of the application may accept it.
			this.others.resolve(address.getAddress().getHostAddress(), address.getPort());
		}
		return List.of(address);
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
