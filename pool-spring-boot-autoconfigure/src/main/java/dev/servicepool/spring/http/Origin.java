package dev.servicepool.spring.http;

import java.net.URI;
import java.util.Locale;

import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;
import org.springframework.http.client.support.HttpRequestWrapper;

/**
 * Address of a server. Each request compares addresses, also in a new JVM, where the
 * generated methods of a record are slow.
 *
 * @param scheme the scheme, such as {@code https}
 * @param host the host name or IP address, with brackets for IPv6
 * @param port the port, or -1 for the default port of the scheme
 */
public record Origin(String scheme, String host, int port) {

	/**
	 * Return the origin of a URI. User info, path, and query are ignored.
	 * @param uri an absolute URI with a host
	 * @return the origin
	 * @throws IllegalArgumentException if the URI has no scheme or no host
	 */
	public static Origin of(URI uri) {
		if (uri.getScheme() == null || uri.getHost() == null) {
			throw new IllegalArgumentException("URI must have a scheme and a host but was '" + uri + "'");
		}
		return new Origin(uri.getScheme(), uri.getHost(), uri.getPort());
	}

	/**
	 * Return the origin of a target, if it has an address.
	 * @param target the target
	 * @return the origin, or {@code null}
	 */
	static @Nullable Origin of(Target target) {
		return (target.uri() != null) ? of(target.uri()) : null;
	}

	/**
	 * Return the normalized form of this origin, which can be compared: in lower case,
	 * and with an explicit port.
	 * @return the normalized origin
	 */
	public Origin normalized() {
		String scheme = this.scheme.toLowerCase(Locale.ROOT);
		int port = (this.port != -1) ? this.port : ("https".equals(scheme) ? 443 : 80);
		return new Origin(scheme, this.host.toLowerCase(Locale.ROOT), port);
	}

	/**
	 * Move a URI to this origin. Path, query, and fragment are copied literally, so that
	 * they are neither decoded nor encoded again.
	 * @param uri an absolute URI, or only a path with query and fragment
	 * @return the URI at this origin
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
	 * Move a request to this origin.
	 * @param request the request
	 * @return the same request with its URI at this origin
	 */
	public HttpRequest move(HttpRequest request) {
		URI uri = move(request.getURI());
		return new HttpRequestWrapper(request) {

			@Override
			public URI getURI() {
				return uri;
			}

		};
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Origin origin && this.port == origin.port && this.host.equals(origin.host)
				&& this.scheme.equals(origin.scheme);
	}

	@Override
	public int hashCode() {
		return 31 * this.host.hashCode() + this.port;
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
