package dev.servicepool.compatibility;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
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
import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for four servers that are killed one after another. Spring Cloud LoadBalancer
 * retries with its defaults: once, at the next server.
 */
@Tag("measured")
@Timeout(300)
class LoadBalancerRetryTests {

	private static final int SERVERS = 4;

	private static final int CALLS = 5_000;

	private static final int PER_SECOND = 200;

	private final List<Server> servers = IntStream.range(0, SERVERS)
		.mapToObj((server) -> Server.http2(100).start())
		.toList();

	private final List<Link> links = this.servers.stream().map((server) -> Link.to(server.uri())).toList();

	@AfterEach
	void stop() {
		this.links.forEach(Link::close);
		this.servers.forEach(Server::close);
	}

	@Test
	void noPooledGetFailsBesideLoadBalancer() throws Exception {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties(properties())
			.run()) {
			RestClient balanced = context.getBean("balanced", RestClient.Builder.class).build();
			RestClient pooled = context.getBean(RestClient.Builder.class).build();
			Map<String, Integer> balancedFailures = failures(balanced, "http://stock/?millis=5");
			Map<String, Integer> pooledFailures = failures(pooled, "http://orders/?millis=5");
			System.out.println("FAULT on Java " + Runtime.version().feature() + ", servers killed, " + CALLS
					+ " GETs each: Spring Cloud LoadBalancer with retries " + balancedFailures + ", pooled "
					+ pooledFailures);
			assertThat(pooledFailures).as("load balancer: %s", balancedFailures).isEmpty();
		}
	}

	private String[] properties() {
		Stream<String> instances = IntStream.range(0, SERVERS)
			.mapToObj((link) -> "spring.cloud.discovery.client.simple.instances.stock[" + link + "].uri="
					+ this.links.get(link).uri());
		Stream<String> targets = IntStream.range(0, SERVERS)
			.mapToObj((link) -> "pool.instances.orders.targets[" + link + "]=" + this.links.get(link).uri());
		Stream<String> others = Stream.of("pool.instances.orders.url=http://orders",
				"spring.http.clients.read-timeout=5s", "spring.http.clients.imperative.factory=jdk");
		return Stream.of(instances, targets, others).flatMap((stream) -> stream).toArray(String[]::new);
	}

	/** Send calls while the servers are killed, and return the failures, by reason. */
	private Map<String, Integer> failures(RestClient client, String uri) throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		Map<String, Integer> failures = new ConcurrentSkipListMap<>();
		ExecutorService operator = Executors.newSingleThreadExecutor();
		ExecutorService callers = Executors.newCachedThreadPool();
		try {
			client.get().uri(uri).retrieve().toBodilessEntity();
			Future<?> restarts = operator.submit(() -> restart(end));
			long start = System.nanoTime();
			for (int call = 0; call < CALLS; call++) {
				TimeUnit.NANOSECONDS.sleep(start + call * TimeUnit.SECONDS.toNanos(1) / PER_SECOND - System.nanoTime());
				callers.execute(() -> send(client, uri, failures));
			}
			callers.shutdown();
			assertThat(callers.awaitTermination(1, TimeUnit.MINUTES)).as("all calls have ended").isTrue();
			end.countDown();
			restarts.get();
			return failures;
		}
		finally {
			end.countDown();
			callers.shutdown();
			operator.shutdown();
		}
	}

	private static void send(RestClient client, String uri, Map<String, Integer> failures) {
		try {
			client.get().uri(uri).retrieve().toBodilessEntity();
		}
		catch (RuntimeException ex) {
			Throwable cause = NestedExceptionUtils.getMostSpecificCause(ex);
			failures.merge(cause.getClass().getSimpleName(), 1, Integer::sum);
		}
	}

	/** Kill one server after another until the end. */
	private Void restart(CountDownLatch end) throws InterruptedException {
		for (int number = 0; !end.await(300, TimeUnit.MILLISECONDS); number++) {
			Link link = this.links.get(number % SERVERS);
			link.refuse();
			link.reset();
			end.await(200, TimeUnit.MILLISECONDS);
			link.accept();
		}
		return null;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		/** Not a default candidate, so that Spring Boot's builder needs no qualifier. */
		@Bean(defaultCandidate = false)
		@LoadBalanced
		RestClient.Builder balanced(RestClientBuilderConfigurer configurer) {
			return configurer.configure(RestClient.builder());
		}

	}

}
