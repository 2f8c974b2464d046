package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Pool;
import dev.servicepool.ServiceFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Defines a bean {@code NAMEPool} for each {@link ServiceFactory} bean {@code NAME} that
 * is an autowire candidate and not switched off, with its types. A {@link Pool} bean of
 * that name which is there already stays.
 */
final class PoolRegistrar implements ImportBeanDefinitionRegistrar {

	private final ConfigurableListableBeanFactory beanFactory;

	private final PoolProperties properties;

	PoolRegistrar(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
		this.properties = PoolProperties.of(environment);
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		for (String factory : this.beanFactory.getBeanNamesForType(ServiceFactory.class, true, false)) {
			if (isCandidate(factory) && new LayeredOptions(factory, this.properties).isEnabled()) {
				register(factory, registry);
			}
		}
	}

	private boolean isCandidate(String factory) {
		return !this.beanFactory.containsBeanDefinition(factory)
				|| this.beanFactory.getBeanDefinition(factory).isAutowireCandidate();
	}

	private void register(String factory, BeanDefinitionRegistry registry) {
		String pool = PoolRegistry.beanName(factory);
		if (!this.beanFactory.containsBean(pool)) {
			registry.registerBeanDefinition(pool, definition(factory));
		}
		else if (!this.beanFactory.isTypeMatch(pool, Pool.class)) {
			throw PoolConfigurationException.nameTaken(pool, factory);
		}
	}

	private RootBeanDefinition definition(String factory) {
		ResolvableType type = DeclaredType.of(this.beanFactory, factory, ServiceFactory.class);
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type.hasUnresolvableGenerics() ? ResolvableType.forClass(Pool.class)
				: ResolvableType.forClassWithGenerics(Pool.class, type.getGenerics()));
		definition.setFactoryBeanName(PoolMaker.BEAN_NAME);
		definition.setFactoryMethodName("make");
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, factory);
		// The factory is there first and goes last: a closing pool may still need it.
		definition.setDependsOn(factory);
		return definition;
	}

}
