package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.actuate.PoolEndpoint;
import dev.servicepool.spring.actuate.PoolHealthContributor;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.ResourceAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that an outage of the only server is reported, and its end as well.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class OutageReportTests {

	@AutoClose
	private final Server server = Server.responding("ok");

	@Test
	void outageOfOnlyServerIsReported(CapturedOutput output) {
		Applications.pooled(this.server.uri())
			.withConfiguration(AutoConfigurations.of(PoolEndpointAutoConfiguration.class,
					PoolHealthContributorAutoConfiguration.class, PoolMetricsAutoConfiguration.class,
					MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
					SimpleMetricsExportAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=pool")
			.run((context) -> {
				assertThat(get(context)).isEqualTo("ok");
				assertReported(context, false);
				this.server.stop();
				for (int i = 0; i < 5; i++) {
					assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(context));
				}
				await().untilAsserted(() -> assertReported(context, true));
				assertThat(output).contains("WARN")
					.containsOnlyOnce("Pool 'orders': outage: 5 calls ended in the last ");
				this.server.start();
				assertThat(get(context)).isEqualTo("ok");
				await().untilAsserted(() -> assertReported(context, false));
				assertThat(this.server.count()).as("two successful calls").isEqualTo(2);
				assertThat(output)
					.containsOnlyOnce("Pool 'orders': recovered: a call succeeded after 5 calls without a success in ");
			});
	}

	@Test
	void alertRuleUsesMeterOfOutage() throws IOException {
		List<String> alerts = Files.readAllLines(MeteredPool.DOCS.resolve("observability/alerts.yml"));
		int alert = alerts.indexOf("      - alert: PoolOutage");
		assertThat(alerts.get(alert + 1)).isEqualTo("        expr: servicepool_outage == 1");
	}

	private static void assertReported(ApplicationContext context, boolean outage) {
		assertThat(context.getBean(PoolEndpoint.class).pools().pools().get("orders").outage() != null).as("endpoint")
			.isEqualTo(outage);
		Health health = ((HealthIndicator) context.getBean(PoolHealthContributor.class).getContributor("orders"))
			.health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails().containsKey("outage")).as("health").isEqualTo(outage);
		assertThat(context.getBean(MeterRegistry.class).get("servicepool.outage").gauge().value()).as("meter")
			.isEqualTo(outage ? 1 : 0);
	}

	private String get(ApplicationContext context) {
		return Applications.client(context).get().uri(this.server.uri()).retrieve().body(String.class);
	}

}
