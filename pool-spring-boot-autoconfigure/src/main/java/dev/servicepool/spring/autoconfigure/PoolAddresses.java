package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.servicepool.Target;
import dev.servicepool.spring.http.client.ServerNames;
import dev.servicepool.spring.options.ServerName;
import org.jspecify.annotations.Nullable;

/**
 * Configured addresses of one pool. The kind of the pool parses them.
 *
 * @param keys the keys of the properties
 * @param targets the targets, as they are configured
 * @param url the address whose requests the pool serves, as it is configured;
 * {@code null} if it is not configured explicitly
 * @param serverName the host by which clients address servers whose targets are IP
 * addresses
 * @param resolve whether the hosts of the targets are resolved to addresses
 * @param refreshInterval the interval at which the targets are looked up
 * @param discovery the configuration of targets that a service registry supplies
 * @param skipLocal whether targets with a local address are skipped when they are looked
 * up
 */
record PoolAddresses(PoolKeys keys, List<String> targets, @Nullable String url, ServerName serverName, boolean resolve,
		Duration refreshInterval, Discovery discovery, boolean skipLocal) {

	static final Duration DEFAULT_REFRESH_INTERVAL = Duration.ofSeconds(10);

	/**
	 * Return the configured targets.
	 * @param kind the kind of the pool
	 * @throws PoolConfigurationException if a target is not valid or is listed twice
	 */
	List<Target> targets(PoolKind kind) {
		List<Target> targets = new ArrayList<>();
		Map<Object, String> seen = new HashMap<>();
		for (String text : this.targets) {
			Target target = read("targets", "contains", text, kind);
			String other = seen.putIfAbsent(kind.identity(target), text);
			if (other != null) {
				throw this.keys.invalid("targets",
						"contains '" + MaskedText.of(other) + "' and '" + MaskedText.of(text) + "'",
						"it must contain each target only once", null);
			}
			targets.add(target);
		}
		return targets;
	}

	/**
	 * Return the address of the pool: the configured one or, if it is not configured, the
	 * only target.
	 * @param kind the kind of the pool
	 * @return the address, or {@code null} if the pool has none
	 * @throws PoolConfigurationException if the configured text is not an address
	 */
	@Nullable URI url(PoolKind kind) {
		if (this.url != null) {
			return read("url", "is", this.url, kind).uri();
		}
		List<Target> targets = targets(kind);
		return (targets.size() == 1) ? targets.get(0).uri() : null;
	}

	/**
	 * Return the address whose requests use the pool if it has no other address: the name
	 * of the service in the registry. Clients cannot connect to it without the pool.
	 * @param kind the kind of the pool
	 * @return the address, or {@code null} if no registry supplies the targets, or if no
	 * host can have the name of the service
	 */
	@Nullable URI urlOfService(PoolKind kind) {
		try {
			return this.discovery.enabled() ? kind.target("http://" + this.discovery.service()).uri() : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Return the address of the pool or, if it has none, the first target.
	 * @param kind the kind of the pool
	 */
	@Nullable URI urlOrFirstTarget(PoolKind kind) {
		return (this.url != null) ? url(kind) : urlWithoutPool(kind, false);
	}

	/**
	 * Return the address to which clients send requests that do not use the pool: the
	 * address of the pool or, if no target has that address, the first target. The
	 * address of the pool remains if the certificates of the servers are issued for it.
	 * @param kind the kind of the pool
	 * @param factory whether a factory bean creates the clients of the pool
	 * @return the address, or {@code null} if neither an address nor a target is
	 * configured
	 */
	@Nullable URI urlWithoutPool(PoolKind kind, boolean factory) {
		URI url = url(kind);
		List<Target> targets = targets(kind);
		if (targets.isEmpty() || (url != null && isTarget(url, targets, kind))) {
			return url;
		}
		URI first = targets.get(0).uri();
		boolean named = url != null && first != null && !factory && this.serverName == ServerName.URL
				&& ServerNames.isCertified(url, first, this.resolve);
		return named ? url : first;
	}

	private static boolean isTarget(URI url, List<Target> targets, PoolKind kind) {
		Object identity = kind.identity(Target.of(url));
		return targets.stream().map(kind::identity).anyMatch(identity::equals);
	}

	private Target read(String option, String verb, String text, PoolKind kind) {
		try {
			return kind.target(text);
		}
		catch (IllegalArgumentException ex) {
			String remedy = (ex.getMessage() != null) ? ex.getMessage() : "it cannot be parsed";
			throw this.keys.invalid(option, verb + " '" + MaskedText.of(text) + "'", remedy, ex);
		}
	}

	/**
	 * Check that the hosts of the targets can be resolved.
	 * @throws PoolConfigurationException if they cannot be resolved
	 */
	void requireResolvable(List<Target> targets, PoolKind kind) {
		if (targets.isEmpty()) {
			throw PoolConfigurationException.nothingToResolve(this.keys.key("resolve"), this.keys.key("targets"));
		}
		for (Target target : targets) {
			String problem = kind.problemOfAddresses(target);
			if (problem != null) {
				throw PoolConfigurationException.cannotResolve(this.keys, target, problem);
			}
		}
	}

	/**
	 * Check that the refresh interval is greater than zero.
	 * @return the refresh interval
	 * @throws PoolConfigurationException if it is not greater than zero
	 */
	Duration requireRefreshInterval() {
		if (this.refreshInterval.isNegative() || this.refreshInterval.isZero()) {
			throw this.keys.invalid("refreshInterval", "is " + this.refreshInterval, "it must be greater than zero",
					null);
		}
		return this.refreshInterval;
	}

}
