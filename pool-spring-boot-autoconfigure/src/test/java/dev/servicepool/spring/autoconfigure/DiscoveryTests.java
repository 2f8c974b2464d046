package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.util.List;

import dev.servicepool.spring.Applications;
import dev.servicepool.spring.TargetSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for pools whose targets a service registry would supply, without Spring Cloud.
 */
class DiscoveryTests {

	private static final String ENABLED = "pool.instances.orders.discovery.enabled";

	private final ApplicationContextRunner runner = Applications.plain().withPropertyValues(ENABLED + "=true");

	@Test
	void discoveryWithoutDiscoveryClientFailsStartup() {
		FailureAnalysis analysis = failure(this.runner);
		assertThat(analysis.getDescription())
			.isEqualTo("'" + ENABLED + "' is true, but Spring Cloud has not created a DiscoveryClient bean.");
		assertThat(analysis.getAction()).isEqualTo("Add a library that provides one, such as"
				+ " spring-cloud-starter-netflix-eureka-client, enable 'spring.cloud.discovery.enabled', or set '"
				+ ENABLED + "' to false.");
	}

	@ParameterizedTest
	@CsvSource({ "targets, http://127.0.0.1:1", "resolve, true" })
	void otherSourceBesideDiscoveryFailsStartup(String property, String value) {
		String key = "pool.instances.orders." + property;
		FailureAnalysis analysis = failure(this.runner.withPropertyValues(key + "=" + value));
		assertThat(analysis.getDescription()).isEqualTo("'" + key + "' is set, but '" + ENABLED
				+ "' is true, so that the service registry supplies the targets.");
		assertThat(analysis.getAction()).isEqualTo("Remove '" + key + "', or set '" + ENABLED + "' to false.");
	}

	@Test
	void targetSourceBesideDiscoveryFailsStartup() {
		FailureAnalysis analysis = failure(this.runner.withBean("ordersTargets", TargetSource.class,
				() -> (pool) -> List.of(URI.create("http://127.0.0.1:1"))));
		assertThat(analysis.getDescription()).isEqualTo("'" + ENABLED
				+ "' is true, but the TargetSource bean 'ordersTargets' supplies the targets of the pool 'orders'.");
	}

	@Test
	void discoveryWithoutRestClientFailsStartup() {
		ApplicationContextRunner withoutClients = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class));
		assertThat(failure(withoutClients.withPropertyValues(ENABLED + "=true")).getDescription())
			.isEqualTo("'" + ENABLED + "' requires a pool of HTTP clients, but RestClient is not on the class path.");
	}

	@Test
	void disabledDiscoveryDoesNotSupplyTargets() {
		Applications.plain()
			.withPropertyValues(ENABLED + "=false", "pool.instances.orders.targets=http://127.0.0.1:1")
			.run((context) -> assertThat(context).hasNotFailed().hasBean("ordersPool"));
	}

	private static FailureAnalysis failure(ApplicationContextRunner runner) {
		return StartupFailures.analyze(runner);
	}

}
