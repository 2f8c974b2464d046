package dev.servicepool.compatibility;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.servicepool.Pool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
 * Spring Cloud LoadBalancer and pools in one application. Discovery knows {@code stock}
 * and {@code both}, pools stand for {@code orders} and {@code both}, and none of these
 * names can be resolved: a call is answered only if it is treated in the right one of
 * both ways.
 */
@Timeout(60)
class LoadBalancerTests {

	@TempDir
	private static Path folder;

	private static Upstream discovered;

	private static Upstream target;

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() throws Exception {
		discovered = new Upstream(Files.createDirectory(folder.resolve("discovered")), 1);
		target = new Upstream(Files.createDirectory(folder.resolve("target")), 1);
		String instances = "spring.cloud.discovery.client.simple.instances.";
		context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(instances + "stock[0].uri=" + discovered.uri(), instances + "both[0].uri=" + discovered.uri(),
					"pool.instances.orders.url=http://orders", "pool.instances.orders.targets=" + target.uri(),
					"pool.instances.both.url=http://both", "pool.instances.both.targets[0]=" + target.uri(),
					"spring.http.serviceclient.orders.base-url=http://orders",
					"spring.http.clients.imperative.factory=jdk")
			.run();
	}

	@AfterAll
	static void stop() throws Exception {
		context.close();
		discovered.close();
		target.close();
	}

	@Test
	void aLoadBalancedBuilderGoesToAnInstance() {
		assertAnswers(discovered, "", () -> get(balanced(), "http://stock/a%2Fb"));
	}

	@Test
	void aLoadBalancedBuilderKnowsNoPool() {
		assertThatIllegalStateException().isThrownBy(() -> get(balanced(), "http://orders/"))
			.withMessageContaining("No instances available for orders");
	}

	@Test
	void anOrdinaryBuilderGoesOverThePool() {
		assertAnswers(target, "orders", () -> get(ordinary(), "http://orders/a%2Fb"));
	}

	@Test
	void aServiceAndAPoolMayHaveTheSameName() {
		assertAnswers(discovered, "", () -> get(balanced(), "http://both/"));
		assertAnswers(target, "both", () -> get(ordinary(), "http://both/"));
	}

	@Test
	void aGroupOfHttpServicesWithoutAnAddressGoesToAnInstance() {
		assertAnswers(discovered, "", () -> context.getBean(Stock.class).get());
	}

	@Test
	void aGroupOfHttpServicesWithTheAddressOfAPoolGoesOverThePool() {
		assertAnswers(target, "orders", () -> context.getBean(Orders.class).get());
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
	 * Check which server is called, and that this pool and no other one takes part.
	 */
	private static void assertAnswers(Upstream server, String pool, Runnable call) {
		int requests = server.requests();
		long orders = succeeded("orders");
		long both = succeeded("both");
		call.run();
		assertThat(server.requests() - requests).as("requests").isOne();
		assertThat(succeeded("orders") - orders).as("calls of orders").isEqualTo("orders".equals(pool) ? 1 : 0);
		assertThat(succeeded("both") - both).as("calls of both").isEqualTo("both".equals(pool) ? 1 : 0);
	}

	private static long succeeded(String pool) {
		return context.getBean(pool + "Pool", Pool.class).snapshot().calls().succeeded();
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

		/** Boot's own builder stays what is injected without a qualifier. */
		@Bean(defaultCandidate = false)
		@LoadBalanced
		RestClient.Builder balanced(RestClientBuilderConfigurer configurer) {
			return configurer.configure(RestClient.builder());
		}

	}

}
