package dev.servicepool.spring.autoconfigure;

import java.util.List;

import dev.servicepool.Pool;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Checks, when all beans are there, that no two pools have the same name and that each
 * {@code pool.instances.NAME} is the name of a pool, unless it is switched off.
 */
final class PoolStartupCheck implements SmartInitializingSingleton {

	private final PoolRegistry registry;

	private final PoolProperties properties;

	PoolStartupCheck(PoolRegistry registry, PoolProperties properties) {
		this.registry = registry;
		this.properties = properties;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<String> pools = this.registry.all().stream().<String>map(Pool::name).toList();
		List<PoolName> names = pools.stream().map(PoolName::of).toList();
		for (String instance : this.properties.getInstances().keySet()) {
			LayeredOptions options = new LayeredOptions(instance, this.properties);
			if (!names.contains(PoolName.of(instance)) && options.isEnabled()) {
				throw options.targets().isEmpty() ? PoolConfigurationException.unknownInstance(instance, pools)
						: PoolConfigurationException.noHttpClients(instance);
			}
		}
	}

}
