package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.util.function.Function;

import dev.servicepool.Pool;
import dev.servicepool.spring.http.HttpCall;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.function.SingletonSupplier;

/**
 * Lets every client that Boot builds find the pools: wraps the builder of request
 * factories. The pools themselves are looked up at the first request.
 */
final class RoutingRequestFactoryBuilderPostProcessor implements BeanPostProcessor {

	private static final Log logger = LogFactory.getLog(RoutingRequestFactoryBuilderPostProcessor.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final boolean needed;

	private final Function<URI, @Nullable Pool<HttpCall, ClientHttpResponse>> pools;

	RoutingRequestFactoryBuilderPostProcessor(ConfigurableListableBeanFactory beanFactory, Environment environment,
			ObjectProvider<PoolRoutes> routes) {
		this.beanFactory = beanFactory;
		this.needed = PoolRoutes.mayExist(PoolProperties.of(environment));
		SingletonSupplier<PoolRoutes> found = SingletonSupplier.of(routes::getObject);
		this.pools = (uri) -> found.obtain().pool(uri);
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
		return new RoutingRequestFactoryBuilder<>(builder, this.pools);
	}

	/** Whether nobody can have asked for the bean by another type than the interface. */
	private boolean canBeWrapped(String name) {
		return this.beanFactory.containsBeanDefinition(name) && this.beanFactory.getMergedBeanDefinition(name)
			.getResolvableType()
			.toClass() == ClientHttpRequestFactoryBuilder.class;
	}

}
