package dev.servicepool.spring.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.servicepool.PoolBuilder;
import dev.servicepool.spring.options.PoolOptions;
import dev.servicepool.spring.options.ServerName;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of one pool. {@code pool.instances.NAME} overrides the properties of all
 * pools.
 *
 * @param keys the keys of the properties
 * @param enabled whether the pool exists; {@code pool.instances.NAME.enabled} disables it
 * @param routed whether HTTP clients use the pool; either {@code pool.enabled} or
 * {@code pool.instances.NAME.enabled} turns this off
 * @param outOfServiceWhenUnavailable whether the pool reports {@code OUT_OF_SERVICE}
 * while it cannot serve requests
 * @param addresses the configured addresses
 * @param failureStatuses the statuses that count as service failures; {@code null} if
 * they are not configured
 * @param retryAfterStatuses the statuses whose {@code Retry-After} header pauses the
 * service; {@code null} if they are not configured
 * @param options the properties for the builder, in layers, the lowest first
 */
record PoolConfiguration(PoolKeys keys, boolean enabled, boolean routed, boolean outOfServiceWhenUnavailable,
		PoolAddresses addresses, @Nullable Set<Integer> failureStatuses, @Nullable Set<Integer> retryAfterStatuses,
		List<PoolOptions> options) {

	/**
	 * Resolve the configuration of a pool.
	 * @param pool the name of the pool
	 * @param properties the properties of all pools
	 */
	static PoolConfiguration of(String pool, PoolProperties properties) {
		Layers<PoolProperties.Instance> own = Layers.of(pool, properties.getInstances());
		Layers<PoolOptions> all = new Layers<>(
				Stream.<PoolOptions>concat(Stream.of(properties), own.lowestFirst().stream()).toList());
		PoolKeys keys = new PoolKeys(pool, properties, own.lowestFirst());
		boolean enabled = own.topmost(PoolProperties.Instance::getEnabled, true);
		PoolAddresses addresses = new PoolAddresses(keys,
				own.topmost((layer) -> layer.getTargets().isEmpty() ? null : layer.getTargets(), List.of()),
				own.topmost(PoolProperties.Instance::getUrl),
				own.topmost(PoolProperties.Instance::getServerName, ServerName.URL),
				own.topmost(PoolProperties.Instance::getResolve, false),
				own.topmost(PoolProperties.Instance::getRefreshInterval, PoolAddresses.DEFAULT_REFRESH_INTERVAL),
				Discovery.of(keys, own), all.topmost(PoolOptions::getSkipLocalTargets, false));
		return new PoolConfiguration(keys, enabled, enabled && properties.isEnabled(),
				all.topmost((layer) -> layer.getHealth().getOutOfServiceWhenUnavailable(), false), addresses,
				own.topmost(PoolProperties.Instance::getFailureStatuses),
				own.topmost(PoolProperties.Instance::getRetryAfterStatuses), all.lowestFirst());
	}

	String pool() {
		return this.keys.pool();
	}

	void applyTo(PoolBuilder builder) {
		this.options.forEach((layer) -> layer.applyTo(builder));
	}

}
