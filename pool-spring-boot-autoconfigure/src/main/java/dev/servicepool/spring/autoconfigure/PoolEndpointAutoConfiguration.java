package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.actuate.PoolEndpoint;
import dev.servicepool.spring.actuate.PoolEndpointWebExtension;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link PoolEndpoint}.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnAvailableEndpoint(PoolEndpoint.class)
public final class PoolEndpointAutoConfiguration {

	@Bean
	@ConditionalOnBean(PoolRegistry.class)
	@ConditionalOnMissingBean
	PoolEndpoint poolEndpoint(PoolRegistry registry) {
		return new PoolEndpoint(registry::all, registry::find);
	}

	@Bean
	@ConditionalOnBean(PoolRegistry.class)
	@ConditionalOnMissingBean
	PoolEndpointWebExtension poolEndpointWebExtension(PoolRegistry registry) {
		return new PoolEndpointWebExtension(registry::all);
	}

}
