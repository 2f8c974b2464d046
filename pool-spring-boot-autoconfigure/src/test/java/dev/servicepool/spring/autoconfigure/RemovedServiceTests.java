package dev.servicepool.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.Pool;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Http2Server;
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

	private static final boolean CLOSES_AT_ONCE = Runtime.version().feature() >= 21;

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

	@Test
	void shrinkingClosesConnectionsAndThreads() {
		untilGone().until(() -> collected(server.connections() == 0));
		long threads = threads();
		this.runner.run((context) -> {
			grow(context);
			assertThat(server.connections()).isEqualTo(4);
			assertThat(threads()).isGreaterThanOrEqualTo(threads + 4);
			untilGone().untilAsserted(() -> {
				assertThat(pool(context).snapshot().services().total()).isOne();
				assertThat(pool(context).snapshot().services().draining()).isZero();
			});
			untilGone().until(() -> collected(server.connections() == 1));
			untilGone().until(() -> collected(threads() <= threads + 1));
			assertThat(get(context, 0)).startsWith("HTTP/2");
		});
		untilGone().until(() -> collected(server.connections() == 0));
		untilGone().until(() -> collected(threads() <= threads));
	}

	@Test
	void aCallInFlightIsFinishedFirst() {
		this.runner.run((context) -> {
			grow(context);
			ExecutorService caller = Executors.newSingleThreadExecutor();
			Future<String> slow = caller.submit(() -> get(context, 3000));
			untilGone().until(() -> pool(context).snapshot().services().total() == 1);
			assertThat(slow.get()).startsWith("HTTP/2");
			assertThat(pool(context).snapshot().calls().failed()).isZero();
			caller.shutdown();
		});
	}

	/** Have as many connections as there may be. */
	private static void grow(AssertableApplicationContext context) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(8);
		while (pool(context).snapshot().members().stream().filter((member) -> member.calls() > 0).count() < 4) {
			List<Future<String>> answers = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				answers.add(callers.submit(() -> get(context, 50)));
			}
			for (Future<String> answer : answers) {
				answer.get();
			}
		}
		callers.shutdown();
	}

	private static String get(AssertableApplicationContext context, int holdMillis) {
		RestClient client = context.getBean(RestClient.Builder.class).build();
		return client.get().uri(server.clearUri() + "/?hold=" + holdMillis).retrieve().body(String.class);
	}

	private static Pool<?, ?> pool(AssertableApplicationContext context) {
		return context.getBean(Pool.class);
	}

	/** Return how many JDK clients there are by the threads that they own. */
	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
			.count();
	}

	private static boolean collected(boolean gone) {
		if (!gone && !CLOSES_AT_ONCE) {
			System.gc();
		}
		return gone;
	}

	private static ConditionFactory untilGone() {
		return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
	}

}
