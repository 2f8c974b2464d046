package dev.servicepool.spring.autoconfigure;

import java.util.function.Supplier;

import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.AttemptObservations;
import dev.servicepool.spring.http.PoolAttemptObservationConvention;
import dev.servicepool.spring.http.PoolWaitObservationConvention;
import dev.servicepool.spring.http.RequestHandling;
import dev.servicepool.spring.http.WaitObservations;
import dev.servicepool.spring.routing.PoolRoutes;
import dev.servicepool.spring.routing.RoutingRequestFactoryBuilderPostProcessor;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ResourceLoader;
import org.springframework.web.client.RestClient;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link RestClient} with pools.
 * It also applies without {@link PoolAutoConfiguration}, so that clients can still be
 * built.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass({ RestClient.class, ClientHttpRequestFactoryBuilder.class })
@EnableConfigurationProperties({ PoolProperties.class, HttpPoolProperties.class })
public final class PoolRestClientAutoConfiguration {

	@Bean
	@ConditionalOnBean(PoolRegistry.class)
	HttpPoolKind httpPoolKind() {
		return new HttpPoolKind();
	}

	/**
	 * Configuration of pools without a factory bean, and of routing for the clients that
	 * Boot builds.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(PoolRegistry.class)
	@Import(HttpPoolRegistrar.class)
	static class ConfiguredPoolsConfiguration {

		@Bean(HttpPoolFactory.BEAN_NAME)
		HttpPoolFactory httpPoolFactory(PoolFactory factory, PoolProperties properties,
				HttpPoolProperties clientProperties, ResourceLoader resourceLoader,
				ObjectProvider<ClientHttpRequestFactoryBuilder<?>> requestFactoryBuilder,
				ObjectProvider<HttpClientSettings> settings, ObjectProvider<SslBundles> sslBundles) {
			return new HttpPoolFactory(factory, properties, clientProperties, resourceLoader, requestFactoryBuilder,
					settings, sslBundles);
		}

		@Bean
		PoolRoutes poolRoutes(PoolRegistry registry, PoolProperties properties) {
			return ConfiguredRoutes.of(registry, properties);
		}

		@Bean
		static RoutingRequestFactoryBuilderPostProcessor routingRequestFactoryBuilderPostProcessor(
				ConfigurableListableBeanFactory beanFactory, ObjectProvider<PoolProperties> properties,
				ObjectProvider<PoolRoutes> routes, ObjectProvider<RequestHandling> handling) {
			return new RoutingRequestFactoryBuilderPostProcessor(beanFactory,
					() -> ConfiguredRoutes.poolsWithAddress(properties.getObject()), routes, handling,
					(pool) -> beanFactory.getBean(HttpPoolFactory.class).client(pool));
		}

	}

	@Bean
	@ConditionalOnBean(PoolRegistry.class)
	RequestHandling requestHandling(PoolProperties properties, ObjectProvider<ObservationRegistry> observations,
			ObjectProvider<PoolWaitObservationConvention> waits,
			ObjectProvider<PoolAttemptObservationConvention> attempts) {
		Supplier<ObservationRegistry> registry = () -> observations.getIfAvailable(() -> ObservationRegistry.NOOP);
		return new RequestHandling((pool) -> RequestPolicies.of(properties.pool(pool)),
				new WaitObservations(registry, waits::getIfAvailable),
				new AttemptObservations(registry, attempts::getIfAvailable));
	}

	@Bean
	@ConditionalOnBean(PoolRegistry.class)
	@ConditionalOnMissingBean(RestClientPools.class)
	PooledRestClients restClientPools(PoolRegistry registry, PoolProperties properties, RequestHandling handling,
			ResourceLoader resourceLoader, ObjectProvider<ClientHttpRequestFactoryBuilder<?>> requestFactoryBuilder,
			ObjectProvider<HttpClientSettings> settings) {
		return new PooledRestClients(registry, properties,
				() -> requestFactoryBuilder
					.getIfAvailable(() -> ClientHttpRequestFactoryBuilder.detect(resourceLoader.getClassLoader()))
					.build(settings.getIfAvailable(HttpClientSettings::defaults)),
				handling);
	}

	/**
	 * {@link RestClientPools} for application contexts without
	 * {@link PoolAutoConfiguration}, for example in slice tests with a mock server.
	 */
	@Bean
	@ConditionalOnMissingBean({ RestClientPools.class, PoolRegistry.class })
	PlainRestClients plainRestClientPools(PoolProperties properties) {
		return new PlainRestClients((name) -> properties.pool(name).addresses().urlOrFirstTarget(new HttpPoolKind()));
	}

}
