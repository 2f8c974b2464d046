package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Pool;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.ResolvableType;

/**
 * Definition of a bean {@code NAMEPool} that the method {@code create} of a factory bean
 * creates. The factory must have only one method of that name, because the container
 * would try other methods first and fail.
 *
 * @param name the name of the pool, which is the argument of the method
 * @param type the type of the pool
 * @param factory the name of the factory bean
 */
record PoolDefinition(String name, ResolvableType type, String factory) {

	/**
	 * Return whether to register the definition of a pool. Properties that are read ahead
	 * of time may have other values at run time.
	 */
	static boolean isNeeded(LayeredOptions options) {
		return options.isEnabled() || Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING);
	}

	/**
	 * Register the definition, unless a {@link Pool} bean of that name exists.
	 * @param dependsOn the names of beans that are created before the pool and destroyed
	 * after it
	 * @throws PoolConfigurationException if the bean of that name is not a pool
	 */
	void register(ConfigurableListableBeanFactory beanFactory, BeanDefinitionRegistry registry, String... dependsOn) {
		String bean = PoolRegistry.beanName(this.name);
		if (!beanFactory.containsLocalBean(bean)) {
			registry.registerBeanDefinition(bean, definition(dependsOn));
		}
		else if (!beanFactory.isTypeMatch(bean, Pool.class)) {
			throw PoolConfigurationException.nameInUse(bean, this.name);
		}
	}

	private RootBeanDefinition definition(String... dependsOn) {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(this.type);
		definition.setFactoryBeanName(this.factory);
		definition.setFactoryMethodName("create");
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, this.name);
		definition.setDependsOn(dependsOn);
		// Do not create a pool that is disabled when the application starts.
		definition.setLazyInit(true);
		return definition;
	}

}
