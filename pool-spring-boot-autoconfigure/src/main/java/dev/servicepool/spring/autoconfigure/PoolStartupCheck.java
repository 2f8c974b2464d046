package dev.servicepool.spring.autoconfigure;

import java.util.List;

import dev.servicepool.Pool;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Checks, after all beans are created, that all properties have an effect and that pool
 * names are unique. Also checks that each {@code pool.instances.NAME} and each source of
 * targets belongs to a pool, unless pools or that pool are disabled.
 */
final class PoolStartupCheck implements SmartInitializingSingleton {

	private final UnknownPropertyCheck unknownProperties;

	private final PoolRegistry registry;

	private final PoolProperties properties;

	private final TargetSources targetSources;

	private final boolean canPoolHttpClients;

	PoolStartupCheck(UnknownPropertyCheck unknownProperties, PoolRegistry registry, PoolProperties properties,
			TargetSources targetSources, boolean canPoolHttpClients) {
		this.unknownProperties = unknownProperties;
		this.registry = registry;
		this.properties = properties;
		this.targetSources = targetSources;
		this.canPoolHttpClients = canPoolHttpClients;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.unknownProperties.run();
		List<String> pools = this.registry.all().stream().<String>map(Pool::name).toList();
		List<PoolName> names = pools.stream().map(PoolName::of).toList();
		for (PoolConfiguration configuration : this.properties.pools()) {
			if (!names.contains(PoolName.of(configuration.pool())) && configuration.routed()) {
				throw noPool(configuration, pools);
			}
		}
		if (!this.properties.isEnabled()) {
			return;
		}
		this.targetSources.byPool().forEach((pool, source) -> {
			if (!isKnown(pool, names)) {
				throw PoolConfigurationException.sourceOfNoPool(source, pools);
			}
		});
		String unused = this.targetSources.unusedSharedBean();
		if (unused != null) {
			throw PoolConfigurationException.sourceOfNoPool(unused, pools);
		}
	}

	/**
	 * Return whether a pool exists or is configured. The source of a disabled pool is
	 * allowed.
	 */
	private boolean isKnown(PoolName pool, List<PoolName> pools) {
		return pools.contains(pool)
				|| this.properties.pools().stream().anyMatch((known) -> PoolName.of(known.pool()).equals(pool));
	}

	private PoolConfigurationException noPool(PoolConfiguration configuration, List<String> pools) {
		String instance = configuration.pool();
		boolean discovered = configuration.addresses().discovery().enabled();
		if (configuration.addresses().targets().isEmpty() && !discovered) {
			return PoolConfigurationException.unknownInstance(instance, pools);
		}
		String property = discovered ? configuration.addresses().discovery().key()
				: configuration.addresses().keys().key("targets");
		return this.canPoolHttpClients ? PoolConfigurationException.noPool(instance, property)
				: PoolConfigurationException.noHttpClients(instance, property);
	}

}
