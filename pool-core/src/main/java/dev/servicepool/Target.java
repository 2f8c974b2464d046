package dev.servicepool;

import java.net.URI;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a service is made for, such as one of several servers.
 *
 * @param name a short name, unique in its pool, shown in snapshots and events
 * @param uri where the target is, if it has an address
 */
public record Target(String name, @Nullable URI uri) {

	/**
	 * Check the name.
	 * @param name a short name, unique in its pool
	 * @param uri where the target is, if it has an address
	 * @throws IllegalArgumentException if the name is blank
	 */
	public Target {
		Objects.requireNonNull(name, "name");
		if (name.isBlank()) {
			throw new IllegalArgumentException("A target needs a name that is not blank");
		}
	}

	/**
	 * Return a target that has a name only.
	 * @param name the name
	 * @return the target
	 * @throws IllegalArgumentException if the name is blank
	 */
	public static Target of(String name) {
		return new Target(name, null);
	}

	/**
	 * Return a target named by its scheme, host and port; user info, path and query are
	 * not part of the name.
	 * @param uri an absolute URI with a host
	 * @return the target
	 * @throws IllegalArgumentException if the URI has no scheme or no host
	 */
	public static Target of(URI uri) {
		if (uri.getScheme() == null || uri.getHost() == null) {
			// The rest may hold a password.
			throw new IllegalArgumentException("A target with "
					+ ((uri.getScheme() != null) ? "the scheme '" + uri.getScheme() + "' has no host" : "no scheme")
					+ "; write it like http://host:port");
		}
		String port = (uri.getPort() != -1) ? ":" + uri.getPort() : "";
		return new Target(uri.getScheme() + "://" + uri.getHost() + port, uri);
	}

	/**
	 * Return the name alone, since the URI may hold a password.
	 */
	@Override
	public String toString() {
		return this.name;
	}

}
