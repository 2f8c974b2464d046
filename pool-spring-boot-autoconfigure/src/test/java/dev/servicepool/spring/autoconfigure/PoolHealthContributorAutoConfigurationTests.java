package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.util.List;

import dev.servicepool.NoServiceException;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.actuate.PoolHealthContributor;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PoolHealthContributorAutoConfiguration}. The class
 * {@link PoolOptionalLibrariesTests} verifies that health is optional.
 */
class PoolHealthContributorAutoConfigurationTests {

	private final ApplicationContextRunner empty = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
				PoolHealthContributorAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.empty.withUserConfiguration(Factories.class);

	@Test
	void contributesHealthOfEachPool() {
		this.runner.withPropertyValues("pool.instances.orders.targets=http://127.0.0.1:1", "pool.eager=false")
			.run((context) -> assertThat(contributor(context).stream()).extracting((entry) -> entry.name())
				.containsExactlyInAnyOrder("lengths", "broken", "orders"));
	}

	@Test
	void isUpByDefaultWhenPoolIsUnavailable() {
		this.runner.run((context) -> assertThat(healthOfBroken(context).getStatus()).isEqualTo(Status.UP));
	}

	@Test
	void isOutOfServiceWhenEnabledForAllPools() {
		this.runner.withPropertyValues("pool.health.out-of-service-when-unavailable=true")
			.run((context) -> assertThat(healthOfBroken(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
	}

	@Test
	void isOutOfServiceWhenEnabledForOnePool() {
		this.runner.withPropertyValues("pool.instances.broken.health.out-of-service-when-unavailable=true")
			.run((context) -> assertThat(healthOfBroken(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE));
	}

	@Test
	void instancePropertyOverridesGlobalProperty() {
		this.runner
			.withPropertyValues("pool.health.out-of-service-when-unavailable=true",
					"pool.instances.broken.health.out-of-service-when-unavailable=false")
			.run((context) -> assertThat(healthOfBroken(context).getStatus()).isEqualTo(Status.UP));
	}

	@Test
	void canBeDisabled() {
		this.runner.withPropertyValues("management.health.pool.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PoolHealthContributor.class));
		this.runner.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PoolHealthContributor.class));
	}

	@Test
	void isAbsentWhenNoPoolExists() {
		this.empty.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PoolHealthContributor.class));
	}

	@Test
	void isPresentWhenOnlyPoolIsDisabled() {
		this.empty
			.withPropertyValues("pool.instances.orders.targets=http://127.0.0.1:1",
					"pool.instances.orders.enabled=false")
			.run((context) -> assertThat(contributor(context).stream()).isEmpty());
	}

	@Test
	void backsOffWhenUserDefinesContributor() {
		HealthIndicator own = () -> Health.up().build();
		for (String name : List.of("poolHealthIndicator", "poolHealthContributor")) {
			this.runner.withBean(name, HealthIndicator.class, () -> own).run((context) -> {
				assertThat(context).doesNotHaveBean(PoolHealthContributor.class);
				assertThat(context.getBean(HealthContributorRegistry.class).getContributor("pool")).isSameAs(own);
			});
		}
	}

	private static CompositeHealthContributor contributor(AssertableApplicationContext context) {
		return (CompositeHealthContributor) context.getBean(HealthContributorRegistry.class).getContributor("pool");
	}

	private static Health healthOfBroken(AssertableApplicationContext context) {
		Pool<?, ?> pool = context.getBean("brokenPool", Pool.class);
		assertThatExceptionOfType(NoServiceException.class).isThrownBy(pool::acquire);
		return ((HealthIndicator) contributor(context).getContributor("broken")).health();
	}

	@Configuration(proxyBeanMethods = false)
	static class Factories {

		@Bean
		ServiceFactory<String, Integer> lengths() {
			return (target) -> Service.of(String::length);
		}

		@Bean
		ServiceFactory<String, Integer> broken() {
			return (target) -> {
				throw new IOException("no license");
			};
		}

	}

}
