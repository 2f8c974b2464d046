package dev.servicepool;

import java.net.URI;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Target of services, such as one of several servers. Two targets with the same name and
 * address are equal, regardless of their zones: a target that moves to another zone keeps
 * its services and their statistics.
 *
 * @param name the short name, unique in its pool, for snapshots and events
 * @param uri the address of the target, or {@code null} if it has none
 * @param zone the zone of the target, or {@code null} if it is not known
 */
public record Target(String name, @Nullable URI uri, @Nullable String zone) {

	/**
	 * Create a target whose zone is not known.
	 * @param name the short name, unique in its pool
	 * @param uri the address of the target, or {@code null} if it has none
	 * @throws IllegalArgumentException if the name is blank
	 */
	public Target(String name, @Nullable URI uri) {
		this(name, uri, null);
	}

	/**
	 * Create a target.
	 * @param name the short name, unique in its pool
	 * @param uri the address of the target, or {@code null} if it has none
	 * @param zone the zone of the target, or {@code null} if it is not known
	 * @throws IllegalArgumentException if the name is blank
	 */
	public Target {
		Objects.requireNonNull(name, "name");
		if (name.isBlank()) {
			throw new IllegalArgumentException("target name must contain text but was blank");
		}
	}

	/**
	 * Create a target that has a name only.
	 * @param name the name
	 * @return the target
	 * @throws IllegalArgumentException if the name is blank
	 */
	public static Target of(String name) {
		return new Target(name, null);
	}

	/**
	 * Create a target whose name consists of the scheme, host and port of its URI. The
	 * name omits user info, path and query.
	 * @param uri the absolute URI, with a host
	 * @return the target
	 * @throws IllegalArgumentException if the URI has no scheme or no host
	 */
	public static Target of(URI uri) {
		if (uri.getScheme() == null || uri.getHost() == null) {
			// The message omits the rest of the URI, which may contain a password.
			throw new IllegalArgumentException("target URI must have a scheme and a host but has "
					+ ((uri.getScheme() != null) ? "no host after the scheme '" + uri.getScheme() + "'" : "no scheme")
					+ ". Use the form http://host:port");
		}
		String port = (uri.getPort() != -1) ? ":" + uri.getPort() : "";
		return new Target(uri.getScheme() + "://" + uri.getHost() + port, uri);
	}

	/**
	 * Return the same target in a zone.
	 * @param zone the zone, or {@code null} if it is not known
	 * @return the target
	 */
	public Target inZone(@Nullable String zone) {
		return new Target(this.name, this.uri, zone);
	}

	/**
	 * Compare the name and the address.
	 */
	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Target target && this.name.equals(target.name) && Objects.equals(this.uri, target.uri);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.name, this.uri);
	}

	/**
	 * Return the name only, because the URI may contain a password.
	 */
	@Override
	public String toString() {
		return this.name;
	}

}
