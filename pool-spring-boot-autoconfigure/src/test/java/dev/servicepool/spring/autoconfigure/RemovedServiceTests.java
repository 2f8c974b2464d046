package dev.servicepool.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.Pool;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Http2Server;
import dev.servicepool.spring.JdkClients;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service that is removed leaves neither a connection nor a thread: at once since Java
 * 21, after a garbage collection before.
 */
@Timeout(60)
class RemovedServiceTests {

	@TempDir
	private static Path folder;

	private static Http2Server server;

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues("pool.instances.orders.targets=" + server.clearUri(),
				"pool.instances.orders.max-concurrency=1", "pool.instances.orders.max-services=4",
				"pool.instances.orders.idle-timeout=1s");

	@BeforeAll
	static void startServer() throws Exception {
		server = new Http2Server(folder, 100);
	}

	@AfterAll
	static void stopServer() throws Exception {
		server.close();
	}

	/**
	 * Beside those of the pool there is the plain client that each of the two
	 * {@code RestClient}s has for requests to other servers, which nobody closes.
	 */
	@Test
	void shrinkingClosesConnectionsAndThreads() {
		JdkClients.awaitGone(() -> server.connections() == 0);
		Set<Thread> before = JdkClients.threads();
		this.runner.run((context) -> {
			grow(context);
			assertThat(server.connections()).isEqualTo(4);
			assertThat(JdkClients.countBeside(before)).isGreaterThanOrEqualTo(4);
			untilGone().untilAsserted(() -> {
				assertThat(pool(context).snapshot().size().live()).isOne();
				assertThat(pool(context).snapshot().size().retired()).isZero();
			});
			JdkClients.awaitGone(() -> server.connections() == 1);
			JdkClients.awaitGone(() -> JdkClients.countBeside(before) <= 2);
			assertThat(get(Applications.client(context), 0)).startsWith("HTTP/2");
		});
		JdkClients.awaitGone(() -> server.connections() == 0);
		JdkClients.awaitGone(() -> JdkClients.countBeside(before) <= 2);
	}

	@Test
	void aCallInFlightIsFinishedFirst() {
		this.runner.run((context) -> {
			grow(context);
			ExecutorService caller = Executors.newSingleThreadExecutor();
			RestClient client = Applications.client(context);
			Future<String> slow = caller.submit(() -> get(client, 3000));
			untilGone().until(() -> pool(context).snapshot().size().live() == 1);
			assertThat(slow.get()).startsWith("HTTP/2");
			assertThat(pool(context).snapshot().calls().failed()).isZero();
			caller.shutdown();
		});
	}

	/** Have as many connections as there may be. */
	private static void grow(AssertableApplicationContext context) throws Exception {
		RestClient client = Applications.client(context);
		ExecutorService callers = Executors.newFixedThreadPool(8);
		while (pool(context).snapshot().services().stream().filter((member) -> member.calls() > 0).count() < 4) {
			List<Future<String>> answers = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				answers.add(callers.submit(() -> get(client, 50)));
			}
			for (Future<String> answer : answers) {
				answer.get();
			}
		}
		callers.shutdown();
	}

	private static String get(RestClient client, int serviceMillis) {
		return client.get().uri(server.clearUri() + "/?hold=" + serviceMillis).retrieve().body(String.class);
	}

	private static Pool<?, ?> pool(AssertableApplicationContext context) {
		return context.getBean(Pool.class);
	}

	private static ConditionFactory untilGone() {
		return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
	}

}
