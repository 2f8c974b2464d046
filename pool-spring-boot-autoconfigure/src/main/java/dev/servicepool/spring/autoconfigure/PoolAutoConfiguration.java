package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.PoolBuilderCustomizer;
import dev.servicepool.PoolListener;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Ticker;
import dev.servicepool.TimingListener;
import dev.servicepool.load.LoadMetric;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for pools. It registers a bean
 * {@code NAMEPool} for each {@link ServiceFactory} bean {@code NAME}, and runs late so
 * that it detects the factories of other auto-configurations.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@EnableConfigurationProperties(PoolProperties.class)
@Import(PoolRegistrar.class)
public final class PoolAutoConfiguration {

	@Bean(PoolFactory.BEAN_NAME)
	PoolFactory poolFactory(ConfigurableListableBeanFactory beanFactory, Environment environment,
			PoolProperties properties, TargetSources targetSources, ObjectProvider<PoolKind> kinds,
			ObjectProvider<LoadMetric> loadMetric, ObjectProvider<PoolBuilderCustomizer> customizers,
			ObjectProvider<PoolListener> listeners, ObjectProvider<TimingListener> timingListeners) {
		return new PoolFactory(beanFactory, environment, properties, targetSources, kinds, loadMetric, customizers,
				new LazyListeners(listeners, timingListeners));
	}

	@Bean
	TargetSources poolTargetSources(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<ServiceDiscovery> discovery) {
		return new TargetSources(beanFactory, discovery);
	}

	@Bean
	static ConfigurationPropertiesBindHandlerAdvisor poolBindHandlerAdvisor() {
		return ForeignVariablesBindHandler::new;
	}

	@Bean
	PoolRegistry poolRegistry(ConfigurableListableBeanFactory beanFactory, PoolProperties properties,
			ObjectProvider<PoolKind> kinds) {
		return new PoolRegistry(beanFactory, properties, kinds);
	}

	@Bean
	PoolStartupCheck poolStartupCheck(Environment environment, PoolRegistry registry, PoolProperties properties,
			TargetSources targetSources, ConfigurableListableBeanFactory beanFactory) {
		return new PoolStartupCheck(new UnknownPropertyCheck(environment), registry, properties, targetSources,
				beanFactory.containsBean(HttpPoolFactory.BEAN_NAME));
	}

	@Bean
	PoolDecisionLog poolDecisionLog() {
		return new PoolDecisionLog();
	}

	@Bean
	PoolLifecycle poolLifecycle(PoolRegistry registry, PoolProperties properties) {
		return new PoolLifecycle(registry, properties.isEager(), Ticker.system());
	}

}
