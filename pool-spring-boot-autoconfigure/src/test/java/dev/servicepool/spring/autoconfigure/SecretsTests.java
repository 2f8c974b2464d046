package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import dev.servicepool.ServiceFactory;
import dev.servicepool.spring.actuate.PoolEndpoint;
import dev.servicepool.spring.actuate.PoolHealthContributor;
import dev.servicepool.spring.TargetSource;
import dev.servicepool.spring.http.PoolWaitContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationTextPublisher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
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
	void secretsOfRequestsAndExceptionsAreNeverExposed(CapturedOutput output) {
		List<String> waits = new ArrayList<>();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig()
			.observationHandler(new ObservationTextPublisher(waits::add, PoolWaitContext.class::isInstance,
					(wait) -> wait.getAllKeyValues() + " " + wait.getError()));
		this.runner
			.withConfiguration(AutoConfigurations.of(PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, RestClientObservationAutoConfiguration.class))
			.withBean(ObservationRegistry.class, () -> observations)
			.withPropertyValues("pool.instances.orders.targets=http://127.0.0.1:1",
					"pool.instances.orders.max-services=1", "pool.instances.orders.max-concurrency=1",
					"pool.instances.orders.acquire-timeout=10ms")
			.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class)
					.defaultHeader("Authorization", "Bearer s3cret")
					.build();
				List<String> shown = new ArrayList<>();
				for (int i = 0; i < 10; i++) {
					assertThatException()
						.isThrownBy(() -> client.get()
							.uri("http://127.0.0.1:1/orders?token=s3cret")
							.retrieve()
							.toBodilessEntity())
						.satisfies((ex) -> shown.add(ex.toString()));
				}
				Pool<?, ?> pool = context.getBean("ordersPool", Pool.class);
				try (Lease<?, ?> lease = pool.acquire(Duration.ofSeconds(10))) {
					assertThatException().as("while " + lease + " is active")
						.isThrownBy(() -> client.get()
							.uri("http://127.0.0.1:1/orders?token=s3cret")
							.retrieve()
							.toBodilessEntity())
						.havingRootCause()
						.isInstanceOf(AcquireTimeoutException.class)
						.satisfies((ex) -> shown.add(ex.toString()));
				}
				fail(context);
				shown.add(json(context.getBean(PoolEndpoint.class).pool("orders")));
				shown.add(json(context.getBean(PoolEndpoint.class).pool("cache")));
				assertThat(shown.get(shown.size() - 1)).contains("outage\":{", "http://***@cache/?***");
				shown.addAll(List.of(health(context), output.getAll()));
				assertThat(waits).isNotEmpty();
				shown.addAll(waits);
				assertThat(shown).allSatisfy((text) -> assertThat(text).doesNotContain("s3cret", "alice"));
			});
	}

	/**
	 * Let calls fail with an exception that contains secrets, until there is an outage.
	 */
	private static void fail(ApplicationContext context) throws Exception {
		Pool<?, ?> cache = context.getBean("cachePool", Pool.class);
		for (int i = 0; i < 5; i++) {
			cache.acquire(Duration.ofSeconds(10)).fail(new IOException("http://alice:s3cret@cache/?token=s3cret"));
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
