package dev.servicepool.spring.http;

import java.net.URI;
import java.util.Locale;

import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is.
 *
 * @param scheme such as {@code https}
 * @param host a name or an address, IPv6 in brackets
 * @param port the port, or -1 for the scheme's own
 */
public record Origin(String scheme, String host, int port) {

	/**
	 * Return the origin of a URI; its user info, path and query don't matter.
	 * @param uri an absolute URI with a host
	 * @return its origin
	 * @throws IllegalArgumentException if the URI has no scheme or no host
	 */
	public static Origin of(URI uri) {
		if (uri.getScheme() == null || uri.getHost() == null) {
			throw new IllegalArgumentException("'" + uri + "' has no scheme or no host");
		}
		return new Origin(uri.getScheme(), uri.getHost(), uri.getPort());
	}

	/**
	 * Return where a target is, if it has an address.
	 * @param target the target
	 * @return its origin or {@code null}
	 */
	static @Nullable Origin of(Target target) {
		return (target.uri() != null) ? of(target.uri()) : null;
	}

	/**
	 * Return the same origin in the one spelling that compares: in lower case, and with
	 * the port that the scheme stands for.
	 * @return the origin
	 */
	public Origin normalized() {
		String scheme = this.scheme.toLowerCase(Locale.ROOT);
		int port = (this.port != -1) ? this.port : ("https".equals(scheme) ? 443 : 80);
		return new Origin(scheme, this.host.toLowerCase(Locale.ROOT), port);
	}

	/**
	 * Move a URI to this origin. Path, query and fragment stay as they are, character by
	 * character, so what is encoded is neither decoded nor encoded again.
	 * @param uri an absolute URI, or only a path and what follows
	 * @return the same place at this origin
	 */
	public URI move(URI uri) {
		if (isOriginOf(uri)) {
			return uri;
		}
		String path = (uri.getRawPath() != null) ? uri.getRawPath() : "";
		String slash = (path.isEmpty() || path.startsWith("/")) ? "" : "/";
		return URI.create(this.scheme + "://" + this.host + portPart() + slash + path + part("?", uri.getRawQuery())
				+ part("#", uri.getRawFragment()));
	}

	/**
	 * Return the origin as the beginning of a URI.
	 */
	@Override
	public String toString() {
		return this.scheme + "://" + this.host + portPart();
	}

	private String portPart() {
		return (this.port != -1) ? ":" + this.port : "";
	}

	private static String part(String separator, @Nullable String part) {
		return (part != null) ? separator + part : "";
	}

	private boolean isOriginOf(URI uri) {
		return this.scheme.equals(uri.getScheme()) && this.host.equals(uri.getHost()) && this.port == uri.getPort();
	}

}
