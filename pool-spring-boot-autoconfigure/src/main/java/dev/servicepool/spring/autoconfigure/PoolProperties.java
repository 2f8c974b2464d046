package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Configuration properties for pools: the options of all pools, and under
 * {@code instances} those of single ones.
 */
@ConfigurationProperties("pool")
public class PoolProperties extends PoolOptions {

	/**
	 * Whether to pool. If not, nothing is made, and clients built for a pool are plain
	 * ones.
	 */
	private boolean enabled = true;

	/**
	 * Whether to make the services of each pool at start-up, in the background, instead
	 * of at its first request.
	 */
	private boolean eager = true;

	/**
	 * Options of single pools, by pool name regardless of case and dashes. What is not
	 * set there is as for all pools.
	 */
	private final Map<String, Instance> instances = new LinkedHashMap<>();

	/**
	 * Read the properties before there are beans.
	 * @param environment where they are
	 * @return the properties
	 */
	static PoolProperties of(Environment environment) {
		return Binder.get(environment).bind("pool", PoolProperties.class).orElseGet(PoolProperties::new);
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
		 * What the services are made for: URIs such as "http://host:port", or names if
		 * the pool is not one of HTTP clients. Without a ServiceFactory bean of that name
		 * each service is an HTTP client of its own.
		 */
		private List<String> targets = new ArrayList<>();

		/**
		 * Whether to look up the addresses of the hosts of the targets, again and again,
		 * and make services for each of them. Only for targets of plain HTTP.
		 */
		private @Nullable Boolean resolve;

		/**
		 * How often targets are looked up that can change: those of a TargetSource bean
		 * and those that are resolved.
		 */
		private @Nullable Duration refreshInterval;

		/**
		 * Whether to pool. If not, clients built for this pool are plain ones.
		 */
		private @Nullable Boolean enabled;

		/**
		 * Address that the application uses, such as "http://search": requests to it go
		 * over the pool. Only scheme, host and port count. If not set, it is the only
		 * target.
		 */
		private @Nullable String url;

		/**
		 * Status codes from 500 to 599 of the answers that are the fault of a service.
		 * Only for HTTP pools, where they are 500, 502, 503 and 504 by default.
		 */
		private @Nullable Set<Integer> failureStatuses;

		/**
		 * Status codes with which a Retry-After says that the server wants no requests
		 * for a while; its service then gets none, for 30 seconds at most. 503 by
		 * default. Only for pools of HTTP clients without a ServiceFactory bean.
		 */
		private @Nullable Set<Integer> retryAfterStatuses;

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

		public List<String> getTargets() {
			return this.targets;
		}

		public void setTargets(List<String> targets) {
			this.targets = targets;
		}

	}

}
