package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.metrics.PoolMetrics;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of the pools.
 */
@AutoConfiguration(after = PoolAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, PoolRegistry.class })
public final class PoolMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PoolMetrics poolMetrics(PoolRegistry registry) {
		return new PoolMetrics(registry::all);
	}

}
