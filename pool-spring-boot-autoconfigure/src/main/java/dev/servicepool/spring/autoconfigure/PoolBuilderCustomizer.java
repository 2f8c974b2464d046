package dev.servicepool.spring.autoconfigure;

import dev.servicepool.PoolBuilder;

/**
 * A bean that changes how pools are built, after all properties have been applied. There
 * may be several; they are called in their order.
 */
@FunctionalInterface
public interface PoolBuilderCustomizer {

	/**
	 * Change how a pool is built.
	 * @param pool the name of the pool
	 * @param builder the builder
	 */
	void customize(String pool, PoolBuilder builder);

}
