package dev.servicepool.spring.autoconfigure;

import java.util.List;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MissingPoolFailureAnalyzer}.
 */
class MissingPoolFailureAnalyzerTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class));

	@Test
	void listsExistingPoolsWhenRequiredTypesAreMissing() {
		FailureAnalysis analysis = analyze(WrongTypes.class);
		assertThat(analysis.getDescription()).startsWith("Parameter 0 of method client in ")
			.endsWith(" requires a Pool<String, List<String>>, but 'modelPool' is a Pool<String, Integer>.");
		assertThat(analysis.getAction()).isEqualTo("Declare a ServiceFactory<String, List<String>> bean, so that a"
				+ " pool is created for it, or inject a Pool with the types of an existing pool.");
	}

	@Test
	void reportsThatRequiredPoolIsDisabled() {
		FailureAnalysis analysis = analyze(WrongTypes.class, "pool.instances.model.enabled=false");
		assertThat(analysis.getDescription())
			.endsWith(" requires a Pool<String, List<String>>, but 'model' is disabled.");
		assertThat(analysis.getAction()).isEqualTo(
				"Remove 'pool.instances.model.enabled', or change the bean so that" + " it does not require the pool.");
	}

	@Test
	void reportsThatAutoConfigurationIsExcluded() {
		FailureAnalysis analysis = StartupFailures
			.analyze(new ApplicationContextRunner().withUserConfiguration(WrongTypes.class));
		assertThat(analysis.getDescription()).endsWith(" requires a Pool<String, List<String>>, but no pools exist.");
		assertThat(analysis.getAction()).isEqualTo("Pools are not auto-configured: remove the exclusion of"
				+ " PoolAutoConfiguration, or change the bean so that it does not require a pool.");
	}

	@Test
	void ignoresMissingBeansOfOtherTypes() {
		assertThat(analyze(MissingTarget.class).getDescription())
			.contains("required a bean of type 'dev.servicepool.Target'");
	}

	private FailureAnalysis analyze(Class<?> configuration, String... properties) {
		return StartupFailures.analyze(this.runner.withUserConfiguration(configuration), properties);
	}

	@Configuration(proxyBeanMethods = false)
	static class WrongTypes {

		@Bean
		ServiceFactory<String, Integer> model() {
			return (target) -> Service.of(String::length);
		}

		@Bean
		Object client(Pool<String, List<String>> pool) {
			return pool.name();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MissingTarget {

		@Bean
		Object client(Target target) {
			return target.name();
		}

	}

}
