package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.actuate.PoolEndpoint;
import dev.servicepool.spring.actuate.PoolHealthContributor;
import dev.servicepool.spring.TargetSource;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that pools expose no user, password, or token in the addresses of their targets.
 * Service factories receive the complete addresses.
 */
@ExtendWith(OutputCaptureExtension.class)
class SecretsTests {

	private static final String CACHE = "redis://alice:s3cret@cache:6379/1?token=s3cret";

	private static final String DATABASE = "jdbc:postgresql://alice:s3cret@database/orders?password=s3cret";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolEndpointAutoConfiguration.class,
				PoolHealthContributorAutoConfiguration.class, PoolMetricsAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=*",
				"management.endpoints.jmx.exposure.include=*", "pool.instances.database.targets[0]=" + DATABASE)
		.withUserConfiguration(Factories.class);

	@Test
	void credentialsAreNeverExposed(CapturedOutput output) {
		Logger decisions = (Logger) LoggerFactory.getLogger(PoolDecisionLog.class);
		decisions.setLevel(Level.DEBUG);
		try {
			this.runner.run((context) -> {
				assertThat(call(context, "cachePool")).isEqualTo(CACHE);
				assertThat(call(context, "databasePool")).isEqualTo(DATABASE);
				await().untilAsserted(() -> assertThat(output.getOut()).contains("Pool 'cache': joined service 1")
					.contains("Pool 'database': joined service 1"));
				for (String shown : List.of(endpoint(context), health(context), meters(context), output.getAll())) {
					assertThat(shown).contains("cache").contains("database").doesNotContain("s3cret", "alice");
				}
			});
		}
		finally {
			decisions.setLevel(null);
		}
	}

	@Test
	void invalidAddressIsRejectedAndMasked() {
		this.runner.withPropertyValues("pool.instances.database.targets[0]=redis://alice:s3 cret@cache")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.satisfies((ex) -> assertThat(ex).hasMessageContaining("it must be a URI"))
				.satisfies((ex) -> assertThat(ex).hasMessageNotContainingAny("alice", "cret")));
	}

	@SuppressWarnings("unchecked")
	private static String call(ApplicationContext context, String pool) throws Exception {
		return ((Pool<String, String>) context.getBean(pool, Pool.class)).call("target");
	}

	private static String endpoint(ApplicationContext context) {
		PoolEndpoint endpoint = context.getBean(PoolEndpoint.class);
		return json(List.of(endpoint.pools(), endpoint.pool("cache"), endpoint.pool("database")));
	}

	private static String health(ApplicationContext context) {
		return json(context.getBean(PoolHealthContributor.class)
			.stream()
			.map((entry) -> List.of(entry.name(), ((HealthIndicator) entry.contributor()).health()))
			.toList());
	}

	private static String meters(ApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map((meter) -> meter.getId())
			.toList()
			.toString();
	}

	private static String json(Object value) {
		return JsonMapper.builder().build().writeValueAsString(value);
	}

	@Configuration(proxyBeanMethods = false)
	static class Factories {

		@Bean
		ServiceFactory<String, String> cache() {
			return (target) -> Service.of((request) -> String.valueOf(target.uri()));
		}

		@Bean
		TargetSource cacheTargets() {
			return (pool) -> List.of(URI.create(CACHE));
		}

		@Bean
		ServiceFactory<String, String> database() {
			return (target) -> Service.of((request) -> String.valueOf(target.uri()));
		}

	}

}
