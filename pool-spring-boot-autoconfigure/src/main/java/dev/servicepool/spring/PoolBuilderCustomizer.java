package dev.servicepool.spring;

import dev.servicepool.PoolBuilder;

/**
 * Callback for beans that customize the builder of a pool after all properties are
 * applied. If there are several such beans, they are called in their order.
 */
@FunctionalInterface
public interface PoolBuilderCustomizer {

	/**
	 * Customize the builder of a pool.
	 * @param builder the builder
	 * @param poolName the name of the pool
	 */
	void customize(PoolBuilder builder, String poolName);

}
