package dev.servicepool.spring.http.client;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Objects;

import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * Location of the server of a service: the target to which its client connects, and the
 * name by which the client addresses the server.
 *
 * @param target the target, whose host is an IP address if there is a name
 * @param name the address of the requests, with which the client sets {@code Host} or
 * {@code :authority}, requests a certificate, and checks it; {@code null} if this is the
 * target itself
 */
public record ServerLocation(Target target, @Nullable URI name) {

	/** Return the address of the requests. */
	URI requestUri() {
		return (this.name != null) ? this.name : Objects.requireNonNull(this.target.uri(), "uri");
	}

	/**
	 * Return the socket address of the target if a client is about to connect to the
	 * name.
	 * @param host the host to which the client is about to connect
	 * @param port the port to which the client is about to connect
	 * @return the address of the target, or {@code null} if this is any other server
	 */
	@Nullable InetSocketAddress addressOf(String host, int port) {
		URI name = this.name;
		boolean named = name != null && name.getHost().equalsIgnoreCase(host) && port(name) == port;
		return named ? address(name.getHost()) : null;
	}

	/**
	 * Return the address with the name as its host, as if the name had been resolved.
	 * Jetty's client checks the certificate for this host.
	 */
	private InetSocketAddress address(String host) {
		URI uri = Objects.requireNonNull(this.target.uri(), "uri");
		try {
			InetAddress literal = InetAddress.getByName(uri.getHost());
			InetAddress named = (literal instanceof Inet6Address scoped)
					? Inet6Address.getByAddress(host, scoped.getAddress(), scoped.getScopeId())
					: InetAddress.getByAddress(host, literal.getAddress());
			return new InetSocketAddress(named, port(uri));
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException("Target '" + this.target.name() + "' is not an IP address", ex);
		}
	}

	/** Return the value of the header {@code Host} for requests to the name. */
	String authority() {
		URI name = Objects.requireNonNull(this.name, "name");
		return (name.getPort() != -1) ? name.getHost() + ":" + name.getPort() : name.getHost();
	}

	static int port(URI uri) {
		return (uri.getPort() != -1) ? uri.getPort() : ("https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80);
	}

}
