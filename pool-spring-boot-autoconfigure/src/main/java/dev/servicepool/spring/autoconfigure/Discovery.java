package dev.servicepool.spring.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Configuration of the targets of one pool that a service registry supplies.
 *
 * @param keys the keys of the properties
 * @param enabled whether a registry supplies the targets
 * @param service the name of the service in the registry
 * @param emptyAfter the time after which a source that names no targets is believed
 */
record Discovery(PoolKeys keys, boolean enabled, String service, Duration emptyAfter) {

	static final Duration DEFAULT_EMPTY_AFTER = Duration.ofMinutes(5);

	static Discovery of(PoolKeys keys, Layers<PoolProperties.Instance> layers) {
		return new Discovery(keys, layers.topmost((layer) -> layer.getDiscovery().getEnabled(), false),
				layers.topmost((layer) -> layer.getDiscovery().getName(), keys.pool()),
				layers.topmost((layer) -> layer.getDiscovery().getEmptyAfter(), DEFAULT_EMPTY_AFTER));
	}

	/** Return the key of the property that enables discovery. */
	String key() {
		return this.keys.key("discovery") + ".enabled";
	}

	/**
	 * Check that a registry is the only source of the targets.
	 * @param addresses the configured addresses
	 * @param bean the name of the {@link dev.servicepool.spring.TargetSource} bean that
	 * is named after the pool, if there is one
	 * @throws PoolConfigurationException if there is another source
	 */
	void requireOnlySource(PoolAddresses addresses, @Nullable String bean) {
		if (!addresses.targets().isEmpty()) {
			throw PoolConfigurationException.severalSources(key(), addresses.keys().key("targets"));
		}
		if (addresses.resolve()) {
			throw PoolConfigurationException.severalSources(key(), addresses.keys().key("resolve"));
		}
		if (bean != null) {
			throw PoolConfigurationException.severalSources(key(), bean, this.keys.pool());
		}
	}

	/**
	 * Return the time after which a source that names no targets is believed.
	 * @throws PoolConfigurationException if it is negative
	 */
	Duration requireEmptyAfter() {
		if (this.emptyAfter.isNegative()) {
			String key = this.keys.key("discovery") + ".empty-after";
			throw PoolConfigurationException.invalid(this.keys.pool(), key, "is " + this.emptyAfter,
					"it must not be negative", null);
		}
		return this.emptyAfter;
	}

}
