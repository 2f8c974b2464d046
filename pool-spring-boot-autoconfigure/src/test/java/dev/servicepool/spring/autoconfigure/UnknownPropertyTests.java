package dev.servicepool.spring.autoconfigure;

import java.util.Map;

import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.Applications;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for properties under {@code pool} that cannot be bound.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertyTests {

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues("pool.instances.orders.targets=http://127.0.0.1:1", "pool.eager=false");

	@ParameterizedTest
	@CsvSource({ "pool.max-servces, pool.max-services", "pool.maxServicess, pool.max-services",
			"pool.outlier-detecton.interval, pool.outlier-detection.interval",
			"pool.instances.orders.max-concurency, pool.instances.orders.max-concurrency",
			"pool.instances.orders.client.read-timout, pool.instances.orders.client.read-timeout",
			"pool.instances.orders.client.ssl.bundel, pool.instances.orders.client.ssl.bundle",
			"pool.instnces.orders.url, pool.instances.orders.url" })
	void misspelledKeyFailsStartup(String key, String meant) {
		FailureAnalysis analysis = StartupFailures.analyzeWithOrigin(this.runner, key + "=7s");
		assertThat(analysis.getDescription())
			.startsWith("'" + key.toLowerCase() + "' (value '7s') is not a property of the pools.")
			.endsWith("from property source \"test\"");
		assertThat(analysis.getAction()).isEqualTo("Change '" + key.toLowerCase() + "' to '" + meant + "'.");
	}

	@Test
	void otherKeysAreListedInOneWarning(CapturedOutput output) {
		this.runner.withPropertyValues("pool.retries=3", "pool.instances.orders.weights[0]=1").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("Pool properties that have no effect: ")
				.contains("'pool.retries' (\"pool.retries\" from property source \"test\")",
						"'pool.instances.orders.weights[0]'");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "pool.maxServices=4", "pool.MAX_SERVICES=4",
			"pool.instances.[my.pool].targets[0]=http://a", "pool.instances.orders.client.http-version=http-2",
			"pool.instances.orders.failure-statuses=502,503", "pool.health.out-of-service-when-unavailable=true",
			"pool.load-metric=pending-requests" })
	void knownKeysAreNotReported(String property, CapturedOutput output) {
		this.runner.withPropertyValues(property).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).doesNotContain("have no effect");
		});
	}

	@Test
	void variablesOfKubernetesServicesDoNoHarm(CapturedOutput output) {
		Map<String, Object> variables = Map.of("POOL_PORT", "tcp://10.0.0.7:80", "POOL_SERVICE_HOST", "10.0.0.7",
				"POOL_PORT_80_TCP_ADDR", "10.0.0.7", "POOL_INSTANCES_PORT", "tcp://10.0.0.8:80",
				"POOL_INSTANCES_SERVICE_HOST", "10.0.0.8", "POOL_INSTANCES_SERVICE_PORT", "80",
				"POOL_INSTANCES_PORT_80_TCP_ADDR", "10.0.0.8", "POOL_INSTANCES_ORDERS_MAXSERVICES", "5");
		this.runner.withBean("model", ServiceFactory.class, () -> (target) -> Service.of(String::valueOf))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.replace("systemEnvironment", new SystemEnvironmentPropertySource("systemEnvironment", variables)))
			.run((context) -> {
				assertThat(context).hasNotFailed().getBeanNames(Pool.class).containsOnly("ordersPool", "modelPool");
				assertThat(context.getBean("ordersPool", Pool.class).settings().maxServices()).isEqualTo(5);
				assertThat(output).doesNotContain("have no effect");
			});
	}

	@Test
	void rejectedValueIsReportedWithItsOrigin() {
		FailureAnalysis analysis = StartupFailures.analyzeWithOrigin(this.runner,
				"pool.instances.orders.max-services=0");
		assertThat(analysis.getDescription())
			.endsWith("\n\n    Origin: \"pool.instances.orders.max-services\" from property source \"test\"");
	}

}
