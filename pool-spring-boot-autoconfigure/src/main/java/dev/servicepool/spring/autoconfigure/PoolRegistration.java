package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Pool;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * Registration of the bean definitions of pools. Each bean factory has one instance, so
 * that the properties are bound only once before beans exist.
 */
final class PoolRegistration {

	private static final String BEAN_NAME = PoolRegistration.class.getName();

	private final ConfigurableListableBeanFactory beanFactory;

	private final PoolProperties properties;

	private PoolRegistration(ConfigurableListableBeanFactory beanFactory, PoolProperties properties) {
		this.beanFactory = beanFactory;
		this.properties = properties;
	}

	static PoolRegistration of(BeanFactory beanFactory, Environment environment) {
		ConfigurableListableBeanFactory factory = (ConfigurableListableBeanFactory) beanFactory;
		if (factory.getSingleton(BEAN_NAME) instanceof PoolRegistration registration) {
			return registration;
		}
		PoolRegistration registration = new PoolRegistration(factory, PoolProperties.of(environment));
		factory.registerSingleton(BEAN_NAME, registration);
		return registration;
	}

	ConfigurableListableBeanFactory beanFactory() {
		return this.beanFactory;
	}

	/** Return the properties as they are before beans exist. */
	PoolProperties properties() {
		return this.properties;
	}

	/**
	 * Return whether to register the definition of a pool. Properties that are read ahead
	 * of time may have other values at run time.
	 */
	boolean isNeeded(String pool) {
		return this.properties.pool(pool).enabled() || Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING);
	}

	/**
	 * Register a bean {@code NAMEPool} that the method {@code create} of a factory bean
	 * creates, unless a {@link Pool} bean of that name exists. The factory must have only
	 * one method of that name, because the container would try other methods first and
	 * fail.
	 * @param pool the name of the pool, which is the argument of the method
	 * @param type the type of the pool
	 * @param factory the name of the factory bean
	 * @param dependsOn the names of beans that are created before the pool and destroyed
	 * after it
	 * @throws PoolConfigurationException if the bean of that name is not a pool
	 */
	void register(BeanDefinitionRegistry registry, String pool, ResolvableType type, String factory,
			String... dependsOn) {
		String bean = PoolRegistry.beanName(pool);
		if (!this.beanFactory.containsLocalBean(bean)) {
			RootBeanDefinition definition = new RootBeanDefinition();
			definition.setTargetType(type);
			definition.setFactoryBeanName(factory);
			definition.setFactoryMethodName("create");
			definition.getConstructorArgumentValues().addIndexedArgumentValue(0, pool);
			definition.setDependsOn(dependsOn);
			// Do not create a pool that is disabled when the application starts.
			definition.setLazyInit(true);
			registry.registerBeanDefinition(bean, definition);
		}
		else if (!this.beanFactory.isTypeMatch(bean, Pool.class)) {
			throw PoolConfigurationException.nameInUse(bean, pool);
		}
	}

}
