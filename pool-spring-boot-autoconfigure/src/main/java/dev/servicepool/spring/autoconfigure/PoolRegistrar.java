package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Pool;
import dev.servicepool.ServiceFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.boot.SpringBootVersion;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers a bean {@code NAMEPool} for each {@link ServiceFactory} bean {@code NAME}
 * that is an autowire candidate, unless the pool is disabled. The pool bean has the types
 * of its factory. An existing {@link Pool} bean of that name is not replaced.
 */
final class PoolRegistrar implements ImportBeanDefinitionRegistrar {

	private final ConfigurableListableBeanFactory beanFactory;

	private final PoolRegistration registration;

	PoolRegistrar(BeanFactory beanFactory, Environment environment) {
		BootVersion.require(SpringBootVersion.getVersion());
		this.registration = PoolRegistration.of(beanFactory, environment);
		this.beanFactory = this.registration.beanFactory();
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		for (String factory : this.beanFactory.getBeanNamesForType(ServiceFactory.class, true, false)) {
			if (isCandidate(factory) && this.registration.isNeeded(factory)) {
				register(factory, registry);
			}
		}
	}

	private boolean isCandidate(String factory) {
		return !this.beanFactory.containsBeanDefinition(factory)
				|| this.beanFactory.getBeanDefinition(factory).isAutowireCandidate();
	}

	private void register(String factory, BeanDefinitionRegistry registry) {
		ResolvableType type = DeclaredType.of(this.beanFactory, factory, ServiceFactory.class);
		ResolvableType pool = type.hasUnresolvableGenerics() ? ResolvableType.forClass(Pool.class)
				: ResolvableType.forClassWithGenerics(Pool.class, type.getGenerics());
		// The pool depends on its factory, because a closing pool may still use it.
		this.registration.register(registry, factory, pool, PoolFactory.BEAN_NAME, factory);
	}

}
