package dev.servicepool.spring.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.Pool;
import dev.servicepool.PoolClosedException;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Http2Server;
import dev.servicepool.spring.JdkClients;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of requests when the application stops while they are in flight, and what
 * is left when it has stopped: nothing.
 */
@Timeout(60)
class ShutdownTests {

	/** Longer than any pool of these waits. */
	private static final int LONG = 5_000;

	@TempDir
	private static Path folder;

	private static Http2Server server;

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@BeforeAll
	static void startServer() throws Exception {
		server = new Http2Server(folder, 100);
	}

	@AfterAll
	static void stopServer() throws Exception {
		server.close();
	}

	@AfterEach
	void stopCallers() {
		this.callers.shutdownNow();
	}

	@Test
	void aRequestInFlightIsAnsweredFirst() {
		run((context, pool) -> {
			Future<String> answer = inFlight(context, pool, 1000);
			context.close();
			assertThat(answer.get()).startsWith("HTTP/2");
			assertThat(pool.snapshot().calls().succeeded()).isOne();
			assertNothingIsLeft(pool);
		});
	}

	@Test
	void aRequestThatDoesNotEndIsCutWhenSpringWaitsNoLonger() {
		run((context, pool) -> {
			Future<String> answer = inFlight(context, pool, LONG);
			context.close();
			assertNothingIsLeft(pool);
			if (JdkClients.CLOSE_AT_ONCE) {
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(answer::get)
					.withCauseInstanceOf(ResourceAccessException.class);
			}
		}, "spring.lifecycle.timeout-per-shutdown-phase=100ms");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			spring.lifecycle.timeout-per-shutdown-phase=20s                         | 20s
			spring.lifecycle.timeout-per-shutdown-phase=20s, pool.close-timeout=5s  | 5s
			                                                                        | 30s
			""")
	void aPoolWaitsAsLongAsSpringUnlessItIsToldOtherwise(@Nullable String properties, String timeout) {
		run((context, pool) -> assertThat(pool.settings().closeTimeout())
			.isEqualTo(DurationStyle.detectAndParse(timeout)), StringUtils.commaDelimitedListToStringArray(properties));
	}

	@Test
	void allPoolsTogetherWaitOnceAndNotOneAfterTheOther() {
		Duration timeout = Duration.ofSeconds(2);
		run((context, pool) -> {
			for (Pool<?, ?> each : context.getBeansOfType(Pool.class).values()) {
				each.acquire();
			}
			long start = System.nanoTime();
			context.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(timeout, timeout.multipliedBy(2));
		}, "pool.close-timeout=" + timeout.toMillis() + "ms", "pool.instances.a.targets=http://a.test",
				"pool.instances.b.targets=http://b.test", "pool.instances.c.targets=http://c.test");
	}

	@Test
	void whoWaitsForAServiceIsToldThatThePoolIsClosed() {
		run((context, pool) -> {
			inFlight(context, pool, LONG);
			Future<String> waiting = this.callers.submit(get(context, 0));
			await().until(() -> pool.snapshot().waiting() == 1);
			context.close();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(waiting::get)
				.havingCause()
				.isInstanceOf(PoolClosedException.class)
				.withMessageStartingWith("Pool 'orders' is closed (");
			assertNothingIsLeft(pool);
		}, "pool.close-timeout=100ms", "pool.instances.orders.max-services=1",
				"pool.instances.orders.max-concurrency=1");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whoCallsAfterwardsIsToldThatThePoolIsClosed(boolean calledBefore) {
		run((context, pool) -> {
			Callable<String> call = get(context, 0);
			if (calledBefore) {
				call.call();
			}
			context.close();
			assertThatExceptionOfType(PoolClosedException.class).isThrownBy(call::call)
				.withMessageStartingWith("Pool 'orders' is closed (");
		});
	}

	@Test
	void whoCallsWhileThePoolDrainsIsServed() {
		run((context, pool) -> {
			Callable<String> goodbye = get(context, 0);
			Future<String> first = inFlight(context, pool, 2000);
			Future<?> closing = this.callers.submit(context::close);
			await().until(() -> pool.snapshot().size().retired() == 1);
			assertThat(goodbye.call()).as("such as a bean that says goodbye to a server").startsWith("HTTP/2");
			closing.get();
			assertThat(first.get()).startsWith("HTTP/2");
			assertNothingIsLeft(pool);
		});
	}

	@Test
	void closingTwiceAndFromTwoThreadsIsAsClosingOnce() {
		run((context, pool) -> {
			Future<String> answer = inFlight(context, pool, 1000);
			List<Future<?>> closing = List.of(this.callers.submit(context::close), this.callers.submit(context::close));
			for (Future<?> each : closing) {
				each.get();
			}
			context.close();
			assertThat(answer.get()).startsWith("HTTP/2");
			assertNothingIsLeft(pool);
		});
	}

	@Test
	void aContextThatTakesThePlaceOfAnotherStartsAfresh() {
		for (int round = 0; round < 3; round++) {
			run((context, pool) -> {
				assertThat(get(context, 0).call()).startsWith("HTTP/2");
				assertThat(pool.snapshot().calls().succeeded()).isOne();
				context.close();
				assertNothingIsLeft(pool);
			});
		}
		JdkClients.awaitGone(() -> server.connections() == 0);
		JdkClients.awaitGone(() -> poolThreads() == 0);
	}

	@Test
	void aPausedContextHasNoConnectionAndGoesOnWhenRestarted() {
		run((context, pool) -> {
			assertThat(get(context, 0).call()).startsWith("HTTP/2");
			Future<String> answer = inFlight(context, pool, 1000);
			context.pause();
			assertThat(answer.get()).as("in flight").startsWith("HTTP/2");
			assertNothingIsLeft(pool);
			JdkClients.awaitGone(() -> server.connections() == 0);
			context.restart();
			await().until(() -> pool.snapshot().size().ready() == 1);
			assertThat(get(context, 0).call()).startsWith("HTTP/2");
		});
	}

	@Test
	void aContextThatIsStoppedAndStartedCutsNothing() {
		run((context, pool) -> {
			Future<String> answer = inFlight(context, pool, 1000);
			context.stop();
			context.start();
			assertThat(answer.get()).startsWith("HTTP/2");
			assertThat(get(context, 0).call()).startsWith("HTTP/2");
			assertThat(pool.snapshot().calls().failed()).isZero();
		}, "pool.close-timeout=10ms");
	}

	@Test
	void aContextBelowThatIsClosedCutsNothing() {
		run((context, pool) -> {
			new ApplicationContextRunner().withParent(context).run(ConfigurableApplicationContext::close);
			Future<String> answer = inFlight(context, pool, 1000);
			context.stop();
			assertThat(answer.get()).startsWith("HTTP/2");
		}, "pool.close-timeout=10ms");
	}

	private void run(Scenario scenario, String... properties) {
		Applications.pooled(server.clearUri(), properties)
			.run((context) -> scenario.with(context, context.getBean("ordersPool", Pool.class)));
	}

	private Future<String> inFlight(ApplicationContext context, Pool<?, ?> pool, int serviceMillis) {
		int before = pool.snapshot().inFlight();
		Future<String> answer = this.callers.submit(get(context, serviceMillis));
		await().until(() -> pool.snapshot().inFlight() == before + 1);
		return answer;
	}

	private static Callable<String> get(ApplicationContext context, int serviceMillis) {
		RestClient client = Applications.client(context);
		return () -> client.get().uri(server.clearUri() + "/?hold=" + serviceMillis).retrieve().body(String.class);
	}

	private static void assertNothingIsLeft(Pool<?, ?> pool) {
		// What is cut is not waited for.
		await().until(() -> pool.snapshot().services().isEmpty());
		PoolSnapshot snapshot = pool.snapshot();
		assertThat(snapshot.inFlight()).isZero();
		assertThat(snapshot.waiting()).isZero();
		assertThat(snapshot.creations().created())
			.isEqualTo(snapshot.creations().drained() + snapshot.creations().evicted());
	}

	private static long poolThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("pool-orders-"))
			.count();
	}

	private interface Scenario {

		void with(ConfigurableApplicationContext context, Pool<?, ?> pool) throws Exception;

	}

}
