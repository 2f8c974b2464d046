package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.servicepool.spring.options.DiscoveryOptions;
import dev.servicepool.spring.options.PoolOptions;
import dev.servicepool.spring.options.ServerName;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Configuration properties for pools: the properties of all pools, and under
 * {@code instances} those of single pools.
 */
@ConfigurationProperties("pool")
public class PoolProperties extends PoolOptions {

	/**
	 * Whether HTTP clients use their pools. Otherwise, they are plain clients. Other
	 * pools are not affected.
	 */
	private boolean enabled = true;

	/**
	 * Whether to create the minimum number of services of each pool in the background at
	 * startup. Otherwise, the pool creates them on first use.
	 */
	private boolean eager = true;

	/**
	 * Properties of single pools, by pool name, ignoring case and dashes. They override
	 * the properties of all pools.
	 */
	private final Map<String, Instance> instances = new LinkedHashMap<>();

	/** Configurations by the names of their pools. Used by any thread. */
	private final Map<String, PoolConfiguration> resolved = new ConcurrentHashMap<>();

	/**
	 * Read the properties before beans exist.
	 * @param environment the environment that contains the properties
	 * @return the properties
	 */
	static PoolProperties of(Environment environment) {
		return Binder.get(environment, new ForeignVariablesBindHandler(BindHandler.DEFAULT))
			.bind("pool", PoolProperties.class)
			.orElseGet(PoolProperties::new);
	}

	/**
	 * Return the configuration of a pool, which is resolved once.
	 * @param name the name of the pool, in the spelling that messages use
	 */
	PoolConfiguration pool(String name) {
		return this.resolved.computeIfAbsent(name, (pool) -> PoolConfiguration.of(pool, this));
	}

	/**
	 * Return the configurations of all pools that {@code instances} names, each in the
	 * spelling with the highest precedence.
	 */
	List<PoolConfiguration> pools() {
		return this.instances.keySet()
			.stream()
			.map(PoolName::of)
			.distinct()
			.map((name) -> pool(name.toString()))
			.toList();
	}

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public boolean isEager() {
		return this.eager;
	}

	public void setEager(boolean eager) {
		this.eager = eager;
	}

	public Map<String, Instance> getInstances() {
		return this.instances;
	}

	/**
	 * Properties of a single pool.
	 */
	public static class Instance extends PoolOptions {

		/**
		 * Comma-separated list of targets for which services are created: URIs such as
		 * "http://host:port", or names if the pool is not a pool of HTTP clients. Without
		 * a ServiceFactory bean of that name, each service is an HTTP client.
		 */
		private List<String> targets = new ArrayList<>();

		/**
		 * Whether to resolve the hosts of the targets, so that each address becomes a
		 * target of its own.
		 */
		private @Nullable Boolean resolve;

		/**
		 * Interval at which hosts are resolved again, and a TargetSource bean or a
		 * service registry is queried.
		 */
		private @Nullable Duration refreshInterval;

		/**
		 * Whether to create this pool. Otherwise, its HTTP clients are plain clients.
		 */
		private @Nullable Boolean enabled;

		/**
		 * Address whose requests the pool serves, such as "http://search". Only scheme,
		 * host and port are relevant. If not set, the only target is the address.
		 */
		private @Nullable String url;

		/**
		 * Host name that clients use if a target is an IP address, for requests and
		 * certificates: that of the URL, or the target itself. Only for pools of HTTP
		 * clients without a ServiceFactory bean.
		 */
		private @Nullable ServerName serverName;

		/**
		 * Comma-separated list of response statuses that count as service failures, from
		 * 400 to 599, or from 500 to 599 if a ServiceFactory bean creates the services.
		 * Only for HTTP pools.
		 */
		private @Nullable Set<Integer> failureStatuses;

		/**
		 * Comma-separated list of response statuses whose Retry-After header pauses the
		 * service, from 400 to 599. A pause lasts 30 seconds at most. Only for pools of
		 * HTTP clients without a ServiceFactory bean.
		 */
		private @Nullable Set<Integer> retryAfterStatuses;

		/**
		 * Targets that a service registry supplies.
		 */
		@NestedConfigurationProperty
		private final DiscoveryOptions discovery = new DiscoveryOptions();

		public @Nullable Boolean getResolve() {
			return this.resolve;
		}

		public void setResolve(@Nullable Boolean resolve) {
			this.resolve = resolve;
		}

		public @Nullable Duration getRefreshInterval() {
			return this.refreshInterval;
		}

		public void setRefreshInterval(@Nullable Duration refreshInterval) {
			this.refreshInterval = refreshInterval;
		}

		public @Nullable Boolean getEnabled() {
			return this.enabled;
		}

		public void setEnabled(@Nullable Boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable String getUrl() {
			return this.url;
		}

		public void setUrl(@Nullable String url) {
			this.url = url;
		}

		public @Nullable ServerName getServerName() {
			return this.serverName;
		}

		public void setServerName(@Nullable ServerName serverName) {
			this.serverName = serverName;
		}

		public @Nullable Set<Integer> getFailureStatuses() {
			return this.failureStatuses;
		}

		public void setFailureStatuses(@Nullable Set<Integer> failureStatuses) {
			this.failureStatuses = failureStatuses;
		}

		public @Nullable Set<Integer> getRetryAfterStatuses() {
			return this.retryAfterStatuses;
		}

		public void setRetryAfterStatuses(@Nullable Set<Integer> retryAfterStatuses) {
			this.retryAfterStatuses = retryAfterStatuses;
		}

		public DiscoveryOptions getDiscovery() {
			return this.discovery;
		}

		public List<String> getTargets() {
			return this.targets;
		}

		public void setTargets(List<String> targets) {
			this.targets = targets;
		}

	}

}
