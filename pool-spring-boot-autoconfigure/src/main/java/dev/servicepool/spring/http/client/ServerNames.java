package dev.servicepool.spring.http.client;

import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Names by which the clients of one pool address their servers. A target that is an IP
 * address has the name of the pool's address, if that is a host name of the same scheme.
 * All other targets are addressed by their own hosts.
 * <p>
 * Some clients cannot connect to one address and use the name of another one. Without
 * TLS, these clients use the IP address instead. With TLS, the name decides whether the
 * certificate is the expected one, so that these clients are rejected.
 */
public final class ServerNames {

	/** Names of a pool whose clients only know its targets. */
	public static final ServerNames NONE = new ServerNames(null, () -> null);

	private static final Pattern IP_ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");

	/** The address of the pool whose host is the name, if there is one. */
	private final @Nullable URI url;

	/**
	 * Returns why the clients cannot use the name, if they cannot. Found only for pools
	 * that need it, because temporary clients may be built to find out.
	 */
	private final SingletonSupplier<String> obstacle;

	private ServerNames(@Nullable URI url, Supplier<@Nullable String> obstacle) {
		this.url = url;
		this.obstacle = SingletonSupplier.of(obstacle);
	}

	/**
	 * Return the names of a pool.
	 * @param url the address whose host is the name; {@code null} if the targets
	 * themselves are the names
	 * @param obstacle returns why the clients cannot use a name; {@code null} if they can
	 * @return the names
	 */
	public static ServerNames of(@Nullable URI url, Function<URI, @Nullable String> obstacle) {
		return (url == null || isIpAddress(url)) ? NONE : new ServerNames(url, () -> obstacle.apply(url));
	}

	/**
	 * Return the name for a target.
	 * @param target the target
	 * @return the name as address of requests; {@code null} if this is the target itself
	 * @throws IllegalStateException if the clients cannot use the name, although it
	 * decides about certificates
	 */
	public @Nullable URI of(Target target) {
		URI uri = target.uri();
		if (uri == null) {
			return null;
		}
		String problem = problem(uri);
		if (problem != null) {
			throw new IllegalStateException("Target '" + target.name() + "' cannot be used: " + problem);
		}
		return (isNamed(uri) && this.obstacle.get() == null) ? this.url : null;
	}

	/**
	 * Return why the clients cannot use a target.
	 * @param target the address of the target
	 * @return the problem as a sentence without its period; {@code null} if there is none
	 */
	public @Nullable String problem(URI target) {
		return (isSecure(target) && isNamed(target)) ? problemOfName() : null;
	}

	/**
	 * Return why the clients cannot use the IP addresses of a target.
	 * @param target the address of the target, whose host is a name
	 * @return the problem as a sentence without its period; {@code null} if there is none
	 */
	public @Nullable String problemOfAddresses(URI target) {
		if (!isSecure(target)) {
			return null;
		}
		if (this.url == null || !isSecure(this.url)) {
			return "the pool has no host name for which clients could check certificates";
		}
		return problemOfName();
	}

	private @Nullable String problemOfName() {
		String obstacle = this.obstacle.get();
		return (obstacle != null) ? "certificates are checked for the host of '" + this.url + "', but " + obstacle
				: null;
	}

	private boolean isNamed(URI target) {
		return this.url != null && isIpAddress(target) && this.url.getScheme().equalsIgnoreCase(target.getScheme());
	}

	/**
	 * Return whether the certificate of a server is checked for the host of the pool's
	 * address.
	 * @param url the address of the pool
	 * @param target the address of the target
	 * @param resolve whether the target is resolved
	 * @return whether the host of the target may differ from that of the certificate
	 */
	public static boolean isCertified(URI url, URI target, boolean resolve) {
		return isSecure(url) && isSecure(target) && !isIpAddress(url) && (resolve || isIpAddress(target));
	}

	private static boolean isSecure(URI uri) {
		return "https".equalsIgnoreCase(uri.getScheme());
	}

	private static boolean isIpAddress(URI uri) {
		return !StringUtils.hasText(uri.getHost()) || IP_ADDRESS.matcher(uri.getHost()).matches();
	}

}
