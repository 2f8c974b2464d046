package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.WaitObservations;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/**
 * Lets every client that Boot builds find the pools: wraps the builder of request
 * factories. The pools themselves are looked up when all beans are there, or at the first
 * request if that comes before.
 */
final class RoutingRequestFactoryBuilderPostProcessor implements BeanPostProcessor, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(RoutingRequestFactoryBuilderPostProcessor.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final boolean needed;

	private final SingletonSupplier<PoolRoutes> routes;

	private final WaitObservations waits;

	RoutingRequestFactoryBuilderPostProcessor(ConfigurableListableBeanFactory beanFactory, Environment environment,
			ObjectProvider<PoolRoutes> routes, WaitObservations waits) {
		this.beanFactory = beanFactory;
		this.needed = PoolRoutes.mayExist(PoolProperties.of(environment));
		this.routes = SingletonSupplier.of(routes::getObject);
		this.waits = waits;
	}

	/**
	 * Find the pools while they can be found: who calls for the first time when the
	 * context is closed is to hear that the pool is.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		if (this.needed) {
			this.routes.obtain().findPools();
			this.waits.resolve();
		}
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (!this.needed || !(bean instanceof ClientHttpRequestFactoryBuilder<?> builder)
				|| bean instanceof RoutingRequestFactoryBuilder<?>) {
			return bean;
		}
		if (!canBeWrapped(name)) {
			logger.warn("Clients built by the bean '" + name + "' don't send their requests over the pools, since it is"
					+ " declared as " + bean.getClass().getSimpleName()
					+ ". Declare it as ClientHttpRequestFactoryBuilder<?>, or set these clients up with"
					+ " RestClientPools.fromPool");
			return bean;
		}
		return new RoutingRequestFactoryBuilder<>(builder, (uri) -> this.routes.obtain().pool(uri), this.waits);
	}

	/** Whether nobody can have asked for the bean by another type than the interface. */
	private boolean canBeWrapped(String name) {
		return this.beanFactory.containsBeanDefinition(name) && this.beanFactory.getMergedBeanDefinition(name)
			.getResolvableType()
			.toClass() == ClientHttpRequestFactoryBuilder.class;
	}

}
