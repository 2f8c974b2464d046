package dev.servicepool.compatibility;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.HttpClientServiceFactory;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.HttpClientService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.simple.InstanceProperties;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClient;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static dev.servicepool.compatibility.DiscoveredTargets.await;
import static dev.servicepool.compatibility.DiscoveredTargets.targets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for pools whose targets a {@link DiscoveryClient} of Spring Cloud supplies.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class DiscoveryClientTests {

	private static final String SIMPLE = "spring.cloud.discovery.client.simple.instances.";

	private static final String ENABLED = "pool.instances.orders.discovery.enabled=true";

	@AutoClose
	private final Server first = Server.responding("first");

	@AutoClose
	private final Server second = Server.responding("second");

	@Test
	void simpleDiscoveryClientNeedsNoCode() {
		try (ConfigurableApplicationContext context = run(Plain.class, ENABLED,
				SIMPLE + "orders[0].uri=" + this.first.uri())) {
			assertThat(get(context)).isEqualTo("first");
			assertThat(pool(context).snapshot().totals().calls().succeeded()).isOne();
		}
	}

	/** The instances are unknown at the start. Then they come and go. */
	@Test
	void poolFollowsSimpleDiscoveryClient() {
		try (Link link = Link.to(this.first.uri());
				ConfigurableApplicationContext context = run(Plain.class, ENABLED,
						"pool.instances.orders.refresh-interval=1h")) {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(context))
				.havingRootCause()
				.withMessage("discovery of 'orders' has found no targets");
			simple(context, link.uri());
			context.publishEvent(new HeartbeatEvent(this, 1));
			await().until(() -> targets(context).equals(List.of(link.uri().toString())));
			assertThat(get(context)).isEqualTo("first");
			simple(context, link.uri(), this.second.uri());
			context.publishEvent(new HeartbeatEvent(this, 2));
			await().until(() -> {
				get(context);
				return this.second.count() > 0;
			});
			link.refuse();
			link.reset();
			for (int call = 0; call < 100; call++) {
				assertThat(get(context)).isEqualTo("second");
			}
			simple(context, this.second.uri());
			context.publishEvent(new HeartbeatEvent(this, 3));
			await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
		}
	}

	@Test
	void serviceMayHaveOtherNameThanPool() {
		try (ConfigurableApplicationContext context = run(Plain.class, ENABLED,
				"pool.instances.orders.discovery.name=STOCK", SIMPLE + "STOCK[0].uri=" + this.first.uri())) {
			assertThat(context.getBean(RestClient.Builder.class)
				.build()
				.get()
				.uri("http://stock/")
				.retrieve()
				.body(String.class)).isEqualTo("first");
			assertThat(pool(context).snapshot().totals().calls().succeeded()).isOne();
		}
	}

	@Test
	void subsetConsistsOfInstancesInOwnZone() {
		try (Server third = Server.responding("third");
				ConfigurableApplicationContext context = run(Plain.class, ENABLED, "pool.zone=a", "pool.subset=1",
						SIMPLE + "orders[0].uri=" + this.first.uri(), SIMPLE + "orders[0].metadata.zone=b",
						SIMPLE + "orders[1].uri=" + this.second.uri(), SIMPLE + "orders[1].metadata.zone=a",
						SIMPLE + "orders[2].uri=" + third.uri(), SIMPLE + "orders[2].metadata.zone=a")) {
			assertThat(get(context)).isIn("second", "third");
			assertThat(targets(context)).hasSize(1);
			assertThat(pool(context).snapshot().health().targets()).filteredOn(PoolSnapshot.TargetSnapshot::preferred)
				.extracting(PoolSnapshot.TargetSnapshot::zone)
				.containsExactly("a");
		}
	}

	@Test
	void heartbeatQueriesRegistry() {
		try (ConfigurableApplicationContext context = run(Registry.class, ENABLED,
				"pool.instances.orders.refresh-interval=1h")) {
			Registry registry = context.getBean(Registry.class);
			registry.instances.set(List.of(instance(this.first.uri())));
			context.publishEvent(new HeartbeatEvent(this, 1));
			await().until(() -> targets(context).equals(List.of(this.first.uri().toString())));
			registry.instances.set(List.of(instance(this.second.uri())));
			context.publishEvent(new HeartbeatEvent(this, 2));
			await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
			assertThat(get(context)).isEqualTo("second");
		}
	}

	@Test
	void addressesAreThoseOfInstances() {
		try (ConfigurableApplicationContext context = run(Registry.class, ENABLED,
				"pool.instances.orders.refresh-interval=20ms")) {
			context.getBean(Registry.class).instances.set(List.of(instance("127.0.0.1", 8080, false),
					instance("127.0.0.1", 8443, true), instance("::1", 8080, false), instance("[::1]", 8081, false),
					instance("orders.internal", -1, true)));
			await().untilAsserted(() -> assertThat(targets(context)).containsExactlyInAnyOrder("http://127.0.0.1:8080",
					"https://127.0.0.1:8443", "http://[::1]:8080", "http://[::1]:8081", "https://orders.internal"));
		}
	}

	@Test
	void oddInstanceIsSkipped(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(Registry.class, ENABLED,
				"pool.instances.orders.refresh-interval=20ms")) {
			context.getBean(Registry.class).instances.set(List.of(instance("a_b", 8080, false),
					instance("127.0.0.1", 0, false), instance(null, 80, false), instance(this.first.uri())));
			await().until(() -> targets(context).equals(List.of(this.first.uri().toString())));
			assertThat(output).contains("skipped 'http://a_b:8080' from discovery of 'orders'")
				.contains("skipped 'http://127.0.0.1:0' from discovery of 'orders'")
				.contains("skipped 'http://:80' from discovery of 'orders'");
		}
	}

	@Test
	void interceptorOfServiceFactoryUsesDiscoveredTargets() {
		try (ConfigurableApplicationContext context = run(Factory.class, ENABLED,
				SIMPLE + "orders[0].uri=" + this.first.uri())) {
			RestClient client = RestClient.builder()
				.requestInterceptor(context.getBean(RestClientPools.class).interceptor("orders"))
				.build();
			assertThat(client.get().uri(this.second.uri()).retrieve().body(String.class)).isEqualTo("first");
		}
	}

	/** Change the properties of the {@link SimpleDiscoveryClient}. */
	private static void simple(ApplicationContext context, URI... instances) {
		context.getBean(SimpleDiscoveryProperties.class)
			.setInstances(Map.of("orders", Stream.of(instances).map(DiscoveryClientTests::properties).toList()));
	}

	private static InstanceProperties properties(URI uri) {
		InstanceProperties properties = new InstanceProperties();
		properties.setServiceId("orders");
		properties.setUri(uri);
		return properties;
	}

	private static ServiceInstance instance(URI uri) {
		return instance(uri.getHost(), uri.getPort(), false);
	}

	private static ServiceInstance instance(@Nullable String host, int port, boolean secure) {
		return new DefaultServiceInstance(host + port, "orders", host, port, secure);
	}

	private static ConfigurableApplicationContext run(Class<?> application, String... properties) {
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE)
			.properties("spring.http.clients.imperative.factory=jdk")
			.properties(properties)
			.run();
	}

	private static String get(ApplicationContext context) {
		return context.getBean(RestClient.Builder.class)
			.build()
			.get()
			.uri("http://orders/")
			.retrieve()
			.body(String.class);
	}

	private static Pool<?, ?> pool(ApplicationContext context) {
		return context.getBean(Pool.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Plain {

	}

	/** Application whose registry has a client of its own. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Registry implements DiscoveryClient {

		private final AtomicReference<List<ServiceInstance>> instances = new AtomicReference<>(List.of());

		@Override
		public String description() {
			return "registry of the test";
		}

		@Override
		public List<ServiceInstance> getInstances(String service) {
			return Stream.of(service).filter("orders"::equals).flatMap((any) -> this.instances.get().stream()).toList();
		}

		@Override
		public List<String> getServices() {
			return List.of("orders");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Factory {

		@Bean
		HttpClientServiceFactory orders() {
			return (target) -> HttpClientService.of(target, new JdkClientHttpRequestFactory());
		}

	}

}
