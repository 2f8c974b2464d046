package dev.servicepool.spring.routing;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.servicepool.spring.http.RequestHandling;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.util.function.SingletonSupplier;

/**
 * Wraps the builder of request factories, so that every client that Boot builds uses the
 * pools. The pools are looked up after all beans are created, or at an earlier first
 * request.
 */
public final class RoutingRequestFactoryBuilderPostProcessor implements BeanPostProcessor, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(RoutingRequestFactoryBuilderPostProcessor.class);

	private final ConfigurableListableBeanFactory beanFactory;

	/** Names of the pools that may have an address. */
	private final SingletonSupplier<List<String>> pools;

	private final SingletonSupplier<PoolRoutes> routes;

	private final SingletonSupplier<RequestHandling> handling;

	private final ClientRouting routing;

	/**
	 * Create a post-processor.
	 * @param beanFactory contains the builders and the settings of the clients
	 * @param pools supplies the names of the pools that may have an address
	 * @param routes supplies the routes
	 * @param handling supplies the handling of requests
	 * @param pooled returns the clients of a pool by its name, or {@code null} if a
	 * factory bean of the application creates them
	 */
	public RoutingRequestFactoryBuilderPostProcessor(ConfigurableListableBeanFactory beanFactory,
			Supplier<List<String>> pools, ObjectProvider<PoolRoutes> routes, ObjectProvider<RequestHandling> handling,
			Function<String, @Nullable PooledClient> pooled) {
		this.beanFactory = beanFactory;
		this.pools = SingletonSupplier.of(pools);
		this.routes = SingletonSupplier.of(routes::getObject);
		this.handling = SingletonSupplier.of(handling::getObject);
		this.routing = new ClientRouting(beanFactory, this.routes, this.handling, pooled);
	}

	/**
	 * Return the builder of clients that do not use pools.
	 * @param builder any builder
	 * @return the builder that was wrapped, or the same builder if none was
	 */
	public static ClientHttpRequestFactoryBuilder<?> unwrap(ClientHttpRequestFactoryBuilder<?> builder) {
		return (builder instanceof RoutingRequestFactoryBuilder<?> routing) ? routing.withoutPools() : builder;
	}

	/**
	 * Look up the pools while the context is open. If the first call of a caller comes
	 * after the context is closed, the caller then receives the exception of the closed
	 * pool.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		if (!this.pools.obtain().isEmpty()) {
			this.routes.obtain().findPools();
			this.handling.obtain().resolve();
			warnIfNoBuilderExists();
		}
	}

	/**
	 * Warn if there is no builder to wrap, as in a reactive web application.
	 */
	private void warnIfNoBuilderExists() {
		if (this.beanFactory.getBeanNamesForType(ClientHttpRequestFactoryBuilder.class, true, false).length == 0) {
			this.pools.obtain()
				.forEach((pool) -> logger.warn("Pool '" + pool + "': no client uses the pool, because Spring Boot"
						+ " creates no RestClient.Builder in this application. Configure a client with"
						+ " RestClient.builder().apply(restClientPools.fromPool(\"" + pool
						+ "\")), or inject the Pool."));
		}
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (!(bean instanceof ClientHttpRequestFactoryBuilder<?> builder)
				|| bean instanceof RoutingRequestFactoryBuilder<?> || this.pools.obtain().isEmpty()) {
			return bean;
		}
		if (!canBeWrapped(name)) {
			String type = bean.getClass().getSimpleName();
			this.pools.obtain()
				.forEach((pool) -> logger.warn("Pool '" + pool + "': the bean '" + name + "' is declared as " + type
						+ ", so the clients that it builds do not use the pool. Declare the bean as"
						+ " ClientHttpRequestFactoryBuilder<?>, or configure these clients with RestClientPools.fromPool."));
			return bean;
		}
		return new RoutingRequestFactoryBuilder<>(builder, this.routing);
	}

	/**
	 * Return whether the bean is declared as the interface itself. Other beans can then
	 * depend on the interface only, and the wrapper can replace the bean.
	 */
	private boolean canBeWrapped(String name) {
		return this.beanFactory.containsBeanDefinition(name) && this.beanFactory.getMergedBeanDefinition(name)
			.getResolvableType()
			.toClass() == ClientHttpRequestFactoryBuilder.class;
	}

}
