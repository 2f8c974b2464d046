package dev.servicepool.compatibility;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for Spring Cloud LoadBalancer and pools in one application. The discovery client
 * knows {@code stock} and {@code both}, and pools exist for {@code orders} and
 * {@code both}. DNS resolves none of these names, so that a call succeeds only if the
 * load balancer or the pool handles it.
 */
@Timeout(60)
class LoadBalancerTests {

	@AutoClose
	private static final Server discovered = Server.responding("discovered");

	@AutoClose
	private static final Server target = Server.responding("target");

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		String instances = "spring.cloud.discovery.client.simple.instances.";
		context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(instances + "stock[0].uri=" + discovered.uri(), instances + "both[0].uri=" + discovered.uri(),
					"pool.instances.orders.url=http://orders", "pool.instances.orders.targets=" + target.uri(),
					"pool.instances.both.url=http://both", "pool.instances.both.targets[0]=" + target.uri(),
					"spring.http.serviceclient.orders.base-url=http://orders",
					"spring.http.clients.imperative.factory=jdk", "spring.cloud.loadbalancer.retry.enabled=false")
			.run();
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void loadBalancedBuilderCallsDiscoveredInstance() {
		assertCalled(discovered, "", () -> get(balanced(), "http://stock/a%2Fb"));
	}

	@Test
	void loadBalancedBuilderIgnoresPools() {
		assertThatIllegalStateException().isThrownBy(() -> get(balanced(), "http://orders/"))
			.withMessageContaining("No instances available for orders");
	}

	@Test
	void ordinaryBuilderUsesPool() {
		assertCalled(target, "orders", () -> get(ordinary(), "http://orders/a%2Fb"));
	}

	@Test
	void discoveredServiceAndPoolMayHaveSameName() {
		assertCalled(discovered, "", () -> get(balanced(), "http://both/"));
		assertCalled(target, "both", () -> get(ordinary(), "http://both/"));
	}

	@Test
	void httpServiceGroupWithoutBaseUrlCallsDiscoveredInstance() {
		assertCalled(discovered, "", () -> context.getBean(Stock.class).get());
	}

	@Test
	void httpServiceGroupWithUrlOfPoolUsesPool() {
		assertCalled(target, "orders", () -> context.getBean(Orders.class).get());
	}

	private static RestClient balanced() {
		return context.getBean("balanced", RestClient.Builder.class).build();
	}

	private static RestClient ordinary() {
		return context.getBean(RestClient.Builder.class).build();
	}

	private static String get(RestClient client, String uri) {
		return client.get().uri(uri).retrieve().requiredBody(String.class);
	}

	/**
	 * Check which server is called, and which pool serves the call. An empty name means
	 * no pool.
	 */
	private static void assertCalled(Server server, String pool, Runnable call) {
		long requests = server.count();
		long orders = succeeded("orders");
		long both = succeeded("both");
		call.run();
		assertThat(server.count() - requests).as("requests").isOne();
		assertThat(succeeded("orders") - orders).as("calls of orders").isEqualTo("orders".equals(pool) ? 1 : 0);
		assertThat(succeeded("both") - both).as("calls of both").isEqualTo("both".equals(pool) ? 1 : 0);
	}

	private static long succeeded(String pool) {
		return context.getBean(pool + "Pool", Pool.class).snapshot().totals().calls().succeeded();
	}

	interface Stock {

		@GetExchange("/")
		String get();

	}

	interface Orders {

		@GetExchange("/")
		String get();

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ImportHttpServices(group = "stock", types = Stock.class)
	@ImportHttpServices(group = "orders", types = Orders.class)
	static class Application {

		/** Not a default candidate, so that Spring Boot's builder needs no qualifier. */
		@Bean(defaultCandidate = false)
		@LoadBalanced
		RestClient.Builder balanced(RestClientBuilderConfigurer configurer) {
			return configurer.configure(RestClient.builder());
		}

	}

}
