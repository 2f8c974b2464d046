package dev.servicepool.spring.autoconfigure;

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
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.JdkClients;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
 * Tests for requests in flight while the application stops. After the stop, no service,
 * request, or waiting caller remains.
 */
@Timeout(60)
class ShutdownTests {

	/** Longer than the close timeout in the tests that use it, in milliseconds. */
	private static final int LONG = 5_000;

	@AutoClose
	private static final Server server = Server.http2(100).start();

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void stopCallers() {
		this.callers.shutdownNow();
	}

	@Test
	void requestInFlightCompletesBeforeShutdown() {
		run((context, pool) -> {
			Future<String> response = inFlight(context, pool, 500);
			context.close();
			assertThat(response.get()).startsWith("HTTP/2");
			assertThat(pool.snapshot().totals().calls().succeeded()).isOne();
			assertNothingRemains(pool);
		});
	}

	@Test
	void longRequestIsAbortedAfterShutdownTimeout() {
		run((context, pool) -> {
			Future<String> response = inFlight(context, pool, LONG);
			context.close();
			assertNothingRemains(pool);
			if (JdkClients.CLOSE_IMMEDIATELY) {
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(response::get)
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
	void closeTimeoutDefaultsToShutdownTimeoutOfSpring(@Nullable String properties, String timeout) {
		run((context, pool) -> assertThat(pool.settings().closeTimeout())
			.isEqualTo(DurationStyle.detectAndParse(timeout)), StringUtils.commaDelimitedListToStringArray(properties));
	}

	@Test
	void poolsDrainConcurrently() {
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
	void waitingCallerFailsWhenPoolIsClosed() {
		run((context, pool) -> {
			inFlight(context, pool, LONG);
			Future<String> waiting = this.callers.submit(get(context, 0));
			await().until(() -> pool.snapshot().load().waiting() == 1);
			context.getBean(Pool.class).close();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(waiting::get)
				.havingRootCause()
				.isInstanceOf(PoolClosedException.class)
				.withMessageStartingWith("Pool 'orders': pool is closed (");
			assertNothingRemains(pool);
		}, "pool.close-timeout=100ms", "pool.instances.orders.max-services=1",
				"pool.instances.orders.max-concurrency=1");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void callFailsAfterShutdown(boolean calledBefore) {
		run((context, pool) -> {
			Callable<String> call = get(context, 0);
			if (calledBefore) {
				call.call();
			}
			context.close();
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(call::call)
				.havingRootCause()
				.isInstanceOf(PoolClosedException.class)
				.withMessageStartingWith("Pool 'orders': pool is closed (");
		});
	}

	@Test
	void callSucceedsWhilePoolDrains() {
		run((context, pool) -> {
			Callable<String> lateCall = get(context, 0);
			Future<String> first = inFlight(context, pool, 1000);
			Future<?> closing = this.callers.submit(context::close);
			await().until(() -> pool.snapshot().size().retired() == 1);
			assertThat(lateCall.call()).as("for example, of a bean that deregisters from a server")
				.startsWith("HTTP/2");
			closing.get();
			assertThat(first.get()).startsWith("HTTP/2");
			assertNothingRemains(pool);
		});
	}

	@Test
	void contextCanBeClosedTwiceAndConcurrently() {
		run((context, pool) -> {
			Future<String> response = inFlight(context, pool, 500);
			List<Future<?>> closing = List.of(this.callers.submit(context::close), this.callers.submit(context::close));
			for (Future<?> each : closing) {
				each.get();
			}
			context.close();
			assertThat(response.get()).startsWith("HTTP/2");
			assertNothingRemains(pool);
		});
	}

	@Test
	void newContextStartsWithNewPool() {
		for (int round = 0; round < 3; round++) {
			run((context, pool) -> {
				assertThat(get(context, 0).call()).startsWith("HTTP/2");
				assertThat(pool.snapshot().totals().calls().succeeded()).isOne();
				context.close();
				assertNothingRemains(pool);
			});
		}
		JdkClients.awaitClosed(() -> server.connections() == 0);
		JdkClients.awaitClosed(() -> poolThreads() == 0);
	}

	@Test
	void pausedContextDisconnectsAndResumesOnRestart() {
		run((context, pool) -> {
			assertThat(get(context, 0).call()).startsWith("HTTP/2");
			Future<String> response = inFlight(context, pool, 500);
			context.pause();
			assertThat(response.get()).as("in flight").startsWith("HTTP/2");
			assertNothingRemains(pool);
			JdkClients.awaitClosed(() -> server.connections() == 0);
			context.restart();
			await().until(() -> pool.snapshot().size().ready() == 1);
			assertThat(get(context, 0).call()).startsWith("HTTP/2");
		});
	}

	@Test
	void stopAndStartAbortNoRequest() {
		run((context, pool) -> {
			Future<String> response = inFlight(context, pool, 500);
			context.stop();
			context.start();
			assertThat(response.get()).startsWith("HTTP/2");
			assertThat(get(context, 0).call()).startsWith("HTTP/2");
			assertThat(pool.snapshot().totals().calls().failed()).isZero();
		}, "pool.close-timeout=10ms");
	}

	@Test
	void closingChildContextAbortsNoRequest() {
		run((context, pool) -> {
			new ApplicationContextRunner().withParent(context).run(ConfigurableApplicationContext::close);
			Future<String> response = inFlight(context, pool, 500);
			context.stop();
			assertThat(response.get()).startsWith("HTTP/2");
		}, "pool.close-timeout=10ms");
	}

	private void run(Scenario scenario, String... properties) {
		Applications.pooled(server.uri(), properties)
			.run((context) -> scenario.with(context, context.getBean("ordersPool", Pool.class)));
	}

	private Future<String> inFlight(ApplicationContext context, Pool<?, ?> pool, int serviceMillis) {
		int before = pool.snapshot().load().inFlight();
		Future<String> response = this.callers.submit(get(context, serviceMillis));
		await().until(() -> pool.snapshot().load().inFlight() == before + 1);
		return response;
	}

	private static Callable<String> get(ApplicationContext context, int serviceMillis) {
		RestClient client = Applications.client(context);
		return () -> client.get().uri(server.uri() + "/?millis=" + serviceMillis).retrieve().body(String.class);
	}

	private static void assertNothingRemains(Pool<?, ?> pool) {
		// The pool does not wait for aborted requests.
		await().until(() -> pool.snapshot().services().isEmpty());
		PoolSnapshot snapshot = pool.snapshot();
		assertThat(snapshot.load().inFlight()).isZero();
		assertThat(snapshot.load().waiting()).isZero();
		assertThat(snapshot.totals().creations().created())
			.isEqualTo(snapshot.totals().creations().drained() + snapshot.totals().creations().evicted());
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
