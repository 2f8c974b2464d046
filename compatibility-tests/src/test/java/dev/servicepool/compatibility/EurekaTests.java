package dev.servicepool.compatibility;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static dev.servicepool.compatibility.DiscoveredTargets.await;
import static dev.servicepool.compatibility.DiscoveredTargets.targets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a pool whose targets a real Eureka server supplies, without Java code. The
 * client of Eureka fetches the registry every second, and publishes a heartbeat
 * afterward.
 */
@Tag("slow")
@Timeout(120)
class EurekaTests {

	private static final Duration HEARTBEAT = Duration.ofSeconds(1);

	@AutoClose
	private final Server first = Server.responding("first");

	@AutoClose
	private final Link link = Link.to(this.first.uri());

	@AutoClose
	private final Server second = Server.responding("second");

	/**
	 * The registry is down at the start. Then it comes, and its instances come and go.
	 */
	@Test
	void poolFollowsRegistry() throws IOException {
		int port = unusedPort();
		try (ConfigurableApplicationContext context = application(port)) {
			RestClient client = context.getBean(RestClient.Builder.class).build();
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> get(client))
				.havingRootCause()
				.withMessage("discovery of 'orders' has found no targets");
			try (ConfigurableApplicationContext registry = registry(port)) {
				RestClient instances = RestClient.create("http://127.0.0.1:"
						+ registry.getEnvironment().getProperty("local.server.port") + "/eureka/apps");
				register(instances, this.link.uri());
				await().until(() -> targets(context).equals(List.of(this.link.uri().toString())));
				assertThat(get(client)).isEqualTo("first");

				long registered = System.nanoTime();
				register(instances, this.second.uri());
				await().until(() -> {
					get(client);
					return this.second.count() > 0;
				});
				System.out.println("Eureka: first call of a new instance after "
						+ Duration.ofNanos(System.nanoTime() - registered).toMillis() + " ms");
				assertThat(context.getBean(Heartbeats.class).withTwoInstances())
					.as("heartbeats that found the new instance until its first call")
					.isOne();

				this.link.refuse();
				this.link.reset();
				for (int call = 0; call < 100; call++) {
					assertThat(get(client)).isEqualTo("second");
				}
				unregister(instances, this.link.uri());
				await().until(() -> targets(context).equals(List.of(this.second.uri().toString())));
			}
			assertThat(get(client)).as("without the registry").isEqualTo("second");
		}
	}

	/**
	 * All servers of the own zone are killed, removed from the registry, started, and
	 * registered again, while callers send requests. A request can be lost at each of the
	 * two servers.
	 */
	@Test
	void noGetFailsWhenOwnZoneIsKilledAndStartedAgain() throws Exception {
		int port = unusedPort();
		try (ConfigurableApplicationContext registry = registry(port);
				Server third = Server.responding("third");
				Link own = Link.to(this.second.uri())) {
			RestClient instances = RestClient.create(
					"http://127.0.0.1:" + registry.getEnvironment().getProperty("local.server.port") + "/eureka/apps");
			register(instances, this.link.uri(), "a");
			register(instances, own.uri(), "a");
			register(instances, third.uri(), "b");
			List<String> ownTargets = List.of(this.link.uri().toString(), own.uri().toString());
			try (ConfigurableApplicationContext context = application(port, "--spring.cloud.loadbalancer.zone=a",
					"--pool.instances.orders.retry.max-retries=2");
					Callers callers = new Callers(context.getBean(RestClient.Builder.class).build())) {
				await().until(() -> Set.copyOf(targets(context)).equals(Set.copyOf(ownTargets)));
				callers.start();
				await().until(() -> callers.succeeded.get() >= 1000);
				assertThat(third.count()).as("requests to the other zone").isZero();

				for (Link killed : List.of(this.link, own)) {
					killed.refuse();
					killed.reset();
				}
				await().until(() -> third.count() >= 1000);
				ownTargets.forEach((target) -> unregister(instances, URI.create(target)));
				await().until(() -> Set.copyOf(allTargets(context)).equals(Set.of(third.uri().toString())));

				this.link.accept();
				own.accept();
				ownTargets.forEach((target) -> register(instances, URI.create(target), "a"));
				await().until(() -> targets(context).containsAll(ownTargets));
				int before = callers.succeeded.get();
				await().until(() -> callers.succeeded.get() >= before + 1000);
				long remote = third.count();
				int local = callers.succeeded.get();
				await().until(() -> callers.succeeded.get() >= local + 1000);
				System.out.println("Eureka: " + callers.succeeded + " GETs while the own zone was killed and started; "
						+ (third.count() - remote) + " of the last 1,000 used the other zone");
				assertThat(third.count() - remote).as("requests to the other zone").isLessThanOrEqualTo(10);
			}
		}
	}

	/** Return the targets of all services, even if they are ejected. */
	private static List<String> allTargets(ApplicationContext context) {
		return context.getBean(Pool.class)
			.snapshot()
			.services()
			.stream()
			.map(PoolSnapshot.ServiceSnapshot::target)
			.toList();
	}

	/** Threads that send a request as soon as the last one has ended. */
	private static final class Callers implements AutoCloseable {

		private static final int THREADS = 4;

		private final RestClient client;

		private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

		private final AtomicInteger succeeded = new AtomicInteger();

		private final List<CompletableFuture<Void>> callers = new ArrayList<>();

		private volatile boolean ended;

		Callers(RestClient client) {
			this.client = client;
		}

		void start() {
			for (int thread = 0; thread < THREADS; thread++) {
				this.callers.add(CompletableFuture.runAsync(() -> {
					while (!this.ended) {
						get(this.client);
						this.succeeded.incrementAndGet();
					}
				}, this.threads));
			}
		}

		/** End the callers, and throw the exception of a request that failed. */
		@Override
		public void close() {
			this.ended = true;
			this.threads.shutdown();
			this.callers.forEach(CompletableFuture::join);
		}

	}

	private static ConfigurableApplicationContext application(int port, String... more) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run(StringUtils.concatenateStringArrays(new String[] { "--eureka.client.enabled=true",
					"--eureka.client.register-with-eureka=false",
					"--eureka.client.registry-fetch-interval-seconds=" + HEARTBEAT.toSeconds(),
					"--eureka.client.service-url.defaultZone=http://127.0.0.1:" + port + "/eureka/",
					"--pool.instances.orders.discovery.enabled=true", "--pool.instances.orders.refresh-interval=1h",
					"--spring.http.clients.imperative.factory=jdk" }, more));
	}

	private static ConfigurableApplicationContext registry(int port) {
		return new SpringApplicationBuilder(Registry.class).web(WebApplicationType.SERVLET)
			.run("--server.port=" + port, "--server.address=127.0.0.1", "--eureka.client.enabled=true",
					"--eureka.client.register-with-eureka=false", "--eureka.client.fetch-registry=false",
					"--eureka.client.service-url.defaultZone=http://127.0.0.1:" + port + "/eureka/",
					"--eureka.instance.hostname=127.0.0.1", "--eureka.server.use-read-only-response-cache=false",
					"--eureka.server.response-cache-update-interval-ms=100",
					"--eureka.server.wait-time-in-ms-when-sync-empty=0", "--eureka.dashboard.enabled=false");
	}

	private static void register(RestClient instances, URI uri) {
		register(instances, uri, "a");
	}

	private static void register(RestClient instances, URI uri, String zone) {
		instances.post()
			.uri("/ORDERS")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("instance",
					Map.of("instanceId", id(uri), "app", "ORDERS", "vipAddress", "orders", "hostName", uri.getHost(),
							"ipAddr", uri.getHost(), "status", "UP", "metadata", Map.of("zone", zone), "port",
							Map.of("$", uri.getPort(), "@enabled", "true"), "dataCenterInfo",
							Map.of("@class", "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name",
									"MyOwn"))))
			.retrieve()
			.toBodilessEntity();
	}

	private static void unregister(RestClient instances, URI uri) {
		instances.delete().uri("/ORDERS/{id}", id(uri)).retrieve().toBodilessEntity();
	}

	private static String id(URI uri) {
		return "orders-" + uri.getPort();
	}

	private static String get(RestClient client) {
		return client.get().uri("http://orders/").retrieve().body(String.class);
	}

	private static int unusedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Heartbeats.class)
	static class Application {

	}

	/** Counts the heartbeats at which the client of the registry knows both instances. */
	static class Heartbeats implements ApplicationListener<HeartbeatEvent> {

		private final DiscoveryClient registry;

		private final AtomicInteger withTwoInstances = new AtomicInteger();

		Heartbeats(@Qualifier("discoveryClient") DiscoveryClient registry) {
			this.registry = registry;
		}

		@Override
		public void onApplicationEvent(HeartbeatEvent event) {
			if (this.registry.getInstances("orders").size() == 2) {
				this.withTwoInstances.incrementAndGet();
			}
		}

		int withTwoInstances() {
			return this.withTwoInstances.get();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableEurekaServer
	static class Registry {

	}

}
