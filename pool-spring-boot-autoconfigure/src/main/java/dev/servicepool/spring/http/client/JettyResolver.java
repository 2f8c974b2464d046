package dev.servicepool.spring.http.client;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.jspecify.annotations.Nullable;

/**
 * Resolver of Jetty's client that resolves the name of a server to the address of one
 * target. All other names, to which redirects may lead, are resolved as without a pool.
 */
final class JettyResolver implements SocketAddressResolver {

	private final HttpClient client;

	private final ServerLocation location;

	/** Resolver that the application configures, if it does. */
	private final @Nullable SocketAddressResolver configured;

	private JettyResolver(HttpClient client, ServerLocation location) {
		this.client = client;
		this.location = location;
		this.configured = client.getSocketAddressResolver();
	}

	static void install(HttpClient client, ServerLocation location) {
		client.setSocketAddressResolver(new JettyResolver(client, location));
	}

	@Override
	public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
		InetSocketAddress address = this.location.addressOf(host, port);
		if (address != null) {
			promise.succeeded(List.of(address));
		}
		else {
			others().resolve(host, port, context, promise);
		}
	}

	/** Return the resolver of other names, by default as the client creates it. */
	private SocketAddressResolver others() {
		return (this.configured != null) ? this.configured : new Async(this.client.getExecutor(),
				this.client.getScheduler(), this.client.getAddressResolutionTimeout());
	}

}
