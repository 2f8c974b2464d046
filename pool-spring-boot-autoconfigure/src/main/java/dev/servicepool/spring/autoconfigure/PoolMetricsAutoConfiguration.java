package dev.servicepool.spring.autoconfigure;

import java.util.Set;

import dev.servicepool.spring.metrics.PoolMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;

import org.springframework.beans.factory.ObjectProvider;
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

	/**
	 * Names of the timers of the observations of waits and attempts. The classes of these
	 * observations may not be on the class path.
	 */
	private static final Set<String> OBSERVATIONS = Set.of("servicepool.wait", "servicepool.wait.active",
			"servicepool.attempt", "servicepool.attempt.active");

	/**
	 * Denies the timers of the observations, because {@code servicepool.acquire} measures
	 * the waits of pools of every kind, and {@code servicepool.retries} counts attempts.
	 */
	@Bean
	static MeterFilter poolObservationMeterFilter() {
		return MeterFilter.deny((id) -> OBSERVATIONS.contains(id.getName()));
	}

	@Bean
	@ConditionalOnMissingBean
	PoolMetrics poolMetrics(PoolRegistry registry, ObjectProvider<CertificateExpiry> certificateExpiry) {
		return new PoolMetrics(registry::all, (pool) -> {
			CertificateExpiry certificates = certificateExpiry.getIfAvailable();
			return (certificates != null) ? certificates.of(pool) : null;
		});
	}

}
