package dev.servicepool.spring.autoconfigure;

import dev.servicepool.Pool;
import dev.servicepool.spring.actuate.PoolHealthContributor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link PoolHealthContributor}.
 */
@AutoConfiguration(after = { PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class })
@ConditionalOnClass(ConditionalOnEnabledHealthIndicator.class)
@ConditionalOnEnabledHealthIndicator("pool")
@ConditionalOnBean({ Pool.class, PoolRegistry.class })
public final class PoolHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "poolHealthIndicator", "poolHealthContributor" })
	PoolHealthContributor poolHealthContributor(PoolRegistry registry, PoolProperties properties) {
		return new PoolHealthContributor(registry::all, registry::find,
				(pool) -> new LayeredOptions(pool, properties).isOutOfServiceWhenUnavailable());
	}

}
