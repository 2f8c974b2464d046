package dev.servicepool.spring.autoconfigure;

import dev.servicepool.spring.metrics.PoolMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;

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

	/** Name of the wait observation, which may not be on the class path. */
	private static final String WAIT = "servicepool.wait";

	/**
	 * Denies the timers of the wait observation, because {@code servicepool.acquire}
	 * measures the same time for pools of every kind.
	 */
	@Bean
	static MeterFilter poolWaitMeterFilter() {
		return MeterFilter.deny((id) -> WAIT.equals(id.getName()) || (WAIT + ".active").equals(id.getName()));
	}

	@Bean
	@ConditionalOnMissingBean
	PoolMetrics poolMetrics(PoolRegistry registry) {
		return new PoolMetrics(registry::all);
	}

}
