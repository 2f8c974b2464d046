package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Pool;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.ResolvableType;

/**
 * The definition of a bean {@code NAMEPool}, made by the method {@code create} of some
 * bean, which has only one of that name: the container would try the others first, and
 * fail.
 *
 * @param name the name of the pool, which is what the method is given
 * @param type the type of the pool
 * @param factory the name of the bean that makes it
 */
record PoolDefinition(String name, ResolvableType type, String factory) {

	/**
	 * Register the definition. A {@link Pool} bean of that name which is there already
	 * stays.
	 * @param dependsOn names of beans that are there first and go last
	 * @throws PoolConfigurationException if there is a bean of that name that is no pool
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
		return definition;
	}

}
