package dev.servicepool.spring.autoconfigure;

import java.util.List;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.metrics.PoolMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link PoolMetricsAutoConfiguration}.
 */
class PoolMetricsAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolMetricsAutoConfiguration.class))
		.withUserConfiguration(Factory.class);

	private final ApplicationContextRunner metered = this.runner
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	@Test
	void bindsPoolsToMeterRegistry() {
		this.metered.run((context) -> {
			@SuppressWarnings("unchecked")
			Pool<String, Integer> pool = context.getBean(Pool.class);
			pool.call("four");
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("servicepool.acquire").tag("pool", "lengths").timer().count()).isOne();
			await().until(
					() -> registry.get("servicepool.calls").tag("outcome", "SUCCESS").functionCounter().count() == 1);
			await().until(() -> registry.get("servicepool.services").tag("state", "ready").gauge().value() == 1);
		});
	}

	@Test
	void createsNoMetricsWithoutRegistry() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PoolMetrics.class));
	}

	@Test
	void backsOffWhenUserDefinesPoolMetrics() {
		this.metered.withBean("own", PoolMetrics.class, () -> new PoolMetrics(List::of))
			.run((context) -> assertThat(context).hasSingleBean(PoolMetrics.class).hasBean("own"));
	}

	@Configuration(proxyBeanMethods = false)
	static class Factory {

		@Bean
		ServiceFactory<String, Integer> lengths() {
			return (target) -> Service.of(String::length);
		}

	}

}
