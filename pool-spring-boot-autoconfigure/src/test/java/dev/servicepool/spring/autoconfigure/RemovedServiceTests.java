package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.Pool;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.JdkClients;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that a removed service releases its connections and threads: immediately since
 * Java 21, and after a garbage collection in earlier versions.
 */
@Tag("slow")
@Timeout(60)
class RemovedServiceTests {

	@AutoClose
	private static final Server server = Server.http2(100).start();

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues("pool.instances.orders.targets=" + server.uri(), Applications.HTTP_2,
				"pool.instances.orders.max-concurrency=1", "pool.instances.orders.max-services=4",
				"pool.instances.orders.idle-timeout=500ms", "pool.instances.orders.headroom-window=500ms");

	/**
	 * Each of the two {@code RestClient}s also has a plain client for requests to other
	 * servers. These clients are never closed.
	 */
	@Test
	void scalingDownClosesConnectionsAndThreads() {
		JdkClients.awaitClosed(() -> server.connections() == 0);
		Set<Thread> before = JdkClients.threads();
		this.runner.run((context) -> {
			scaleUp(context);
			assertThat(server.connections()).isEqualTo(4);
			assertThat(JdkClients.countOthers(before)).isGreaterThanOrEqualTo(4);
			awaitRemoval().untilAsserted(() -> {
				assertThat(pool(context).snapshot().size().live()).isOne();
				assertThat(pool(context).snapshot().size().retired()).isZero();
			});
			JdkClients.awaitClosed(() -> server.connections() == 1);
			JdkClients.awaitClosed(() -> JdkClients.countOthers(before) <= 2);
			assertThat(get(Applications.client(context), 0)).startsWith("HTTP/2");
		});
		JdkClients.awaitClosed(() -> server.connections() == 0);
		JdkClients.awaitClosed(() -> JdkClients.countOthers(before) <= 2);
	}

	@Test
	void callInFlightEndsBeforeServiceCloses() {
		this.runner.run((context) -> {
			scaleUp(context);
			ExecutorService caller = Executors.newSingleThreadExecutor();
			RestClient client = Applications.client(context);
			Future<String> slow = caller.submit(() -> get(client, 2000));
			awaitRemoval().until(() -> pool(context).snapshot().size().live() == 1);
			assertThat(slow.get()).startsWith("HTTP/2");
			assertThat(pool(context).snapshot().totals().calls().failed()).isZero();
			caller.shutdown();
		});
	}

	/** Scale up to the maximum number of services. */
	private static void scaleUp(AssertableApplicationContext context) throws Exception {
		RestClient client = Applications.client(context);
		ExecutorService callers = Executors.newFixedThreadPool(8);
		while (pool(context).snapshot()
			.services()
			.stream()
			.filter((service) -> service.totals().calls() > 0)
			.count() < 4) {
			List<Future<String>> responses = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				responses.add(callers.submit(() -> get(client, 50)));
			}
			for (Future<String> response : responses) {
				response.get();
			}
		}
		callers.shutdown();
	}

	private static String get(RestClient client, int serviceMillis) {
		return client.get().uri(server.uri() + "/?millis=" + serviceMillis).retrieve().body(String.class);
	}

	private static Pool<?, ?> pool(AssertableApplicationContext context) {
		return context.getBean(Pool.class);
	}

	private static ConditionFactory awaitRemoval() {
		return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
	}

}
