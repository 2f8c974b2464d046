package dev.servicepool.spring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import dev.servicepool.spring.http.client.HttpVersion;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.Work;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.JdkClients;
import dev.servicepool.spring.RestClientPools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests for callers that are interrupted, canceled, or terminated during a call.
 * Afterwards, the only permit of the only service is available, no caller waits, and only
 * the connection of the next caller remains.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource(HttpVersion.class)
class VanishingCallerTests {

	private static final Work work = new Work();

	@AutoClose
	private static final Server server = Server.http2(100).start(work);

	@Parameter
	HttpVersion version;

	private final ExecutorService callers = Executors.newCachedThreadPool();

	@AfterEach
	void stopCallers() {
		this.callers.shutdownNow();
	}

	@Test
	void callerFailsWhenInterruptedWhileWaiting() {
		run((context, pool) -> {
			Future<?> thread = this.callers.submit(get(context, "/?stall=head"));
			await().until(() -> pool.snapshot().load().inFlight() == 1);
			Caller caller = new Caller(get(context, "/"));
			await().until(() -> pool.snapshot().load().waiting() == 1);
			caller.interrupt();
			caller.assertFailedInterrupted();
			assertThat(pool.snapshot().load().waiting()).isZero();
			thread.cancel(true);
		});
	}

	@Test
	void callerFailsWhenInterruptedBeforeCall() {
		run((context, pool) -> {
			Caller caller = new Caller(() -> {
				Thread.currentThread().interrupt();
				return get(context, "/").call();
			});
			caller.assertFailedInterrupted();
		});
	}

	@Test
	void callerFailsWhenInterruptedBeforeResponse() {
		run((context, pool) -> {
			Caller caller = new Caller(get(context, "/?stall=head"));
			await().until(() -> pool.snapshot().load().inFlight() == 1);
			caller.interrupt();
			caller.assertFailedInterrupted();
		});
	}

	@Test
	void callerFailsWhenInterruptedWhileReadingBody() {
		assumeTrue(Runtime.version().feature() >= 21, "the JDK's client continues to read in earlier versions");
		run((context, pool) -> {
			CountDownLatch begun = new CountDownLatch(1);
			Caller caller = new Caller(
					() -> client(context).get().uri(server.uri() + "/?stall=body").exchange((request, response) -> {
						begun.countDown();
						return response.getBody().readAllBytes();
					}));
			begun.await();
			caller.interrupt();
			caller.assertFailedInterrupted();
		});
	}

	@Test
	void permitIsReleasedWhenTaskIsCanceled() {
		run((context, pool) -> {
			Future<?> task = this.callers.submit(get(context, "/?stall=head"));
			await().until(() -> pool.snapshot().load().inFlight() == 1);
			assertThat(task.cancel(true)).isTrue();
		});
	}

	@Test
	void permitIsKeptUntilResponseWhenFutureIsCanceled() {
		run((context, pool) -> {
			CompletableFuture<?> future = CompletableFuture.supplyAsync(() -> callQuietly(get(context, "/?stall=head")),
					this.callers);
			await().until(() -> pool.snapshot().load().inFlight() == 1);
			assertThat(future.cancel(true)).isTrue();
			assertThat(pool.snapshot().load().inFlight()).isOne();
			work.release();
			await().until(() -> pool.snapshot().totals().calls().succeeded() == 1);
		});
	}

	@Test
	void permitIsReleasedWhenVirtualThreadsAreInterrupted() throws Exception {
		ExecutorService threads = virtualThreads();
		run((context, pool) -> {
			List<Future<?>> tasks = new ArrayList<>();
			for (int i = 0; i < 100; i++) {
				tasks.add(threads.submit(get(context, "/?stall=head")));
			}
			await().until(() -> pool.snapshot().load().inFlight() == 1 && pool.snapshot().load().waiting() == 99);
			for (Future<?> task : tasks) {
				task.cancel(true);
			}
			await().until(() -> pool.snapshot().load().waiting() == 0);
		});
		threads.shutdownNow();
	}

	@Test
	void permitIsReleasedWhenReadingThreadDies() {
		run((context, pool) -> {
			assertDies(() -> client(context).get().uri(server.uri() + "/").exchange((request, response) -> {
				throw new UncaughtError();
			}));
			assertDies(() -> client(context).get().uri(server.uri() + "/").retrieve().onStatus((status) -> {
				throw new UncaughtError();
			}, (request, response) -> {
			}).toBodilessEntity());
		});
	}

	@Test
	void permitIsReleasedWhenWritingBodyFails() {
		run((context, pool) -> assertThatExceptionOfType(Throwable.class)
			.isThrownBy(() -> client(context).post().uri(server.uri() + "/").body((output) -> {
				throw new UncaughtError();
			}).retrieve().toBodilessEntity())
			.satisfies((ex) -> assertThat(ex).rootCause().isInstanceOf(UncaughtError.class)));
	}

	@Test
	void permitIsReleasedWhenInterceptorFailsBeforeRequest() {
		run((context, pool) -> assertDies(call(context, (request, body, execution) -> {
			throw new UncaughtError();
		})));
	}

	@Test
	void permitIsReleasedWhenInterceptorFailsAfterResponse() {
		JdkClients.awaitClosed(() -> server.connections() == 0);
		run((context, pool) -> assertDies(call(context, (request, body, execution) -> {
			execution.execute(request, body);
			throw new UncaughtError();
		})));
	}

	private void run(Scenario scenario) {
		long before = server.connections();
		Applications
			.pooled(server.uri(), "pool.max-services=1", "pool.max-concurrency=1",
					"pool.instances.orders.client.http-version=" + this.version)
			.run((context) -> {
				Pool<?, ?> pool = context.getBean(Pool.class);
				scenario.with(context, pool);
				await().until(() -> pool.snapshot().load().inFlight() == 0);
				assertThat(get(context, "/").call()).startsWith("HTTP/");
				work.release();
				PoolSnapshot snapshot = pool.snapshot();
				assertThat(snapshot.load().inFlight()).isZero();
				assertThat(snapshot.load().waiting()).isZero();
				JdkClients.awaitClosed(() -> server.connections() <= before + 1);
			});
	}

	private static RestClient client(ApplicationContext context) {
		return Applications.client(context);
	}

	private static Callable<String> get(ApplicationContext context, String path) {
		RestClient client = client(context);
		return () -> client.get().uri(server.uri() + path).retrieve().body(String.class);
	}

	/**
	 * Return a call over the pool with an interceptor between the pool and the server.
	 */
	private static Runnable call(ApplicationContext context, ClientHttpRequestInterceptor interceptor) {
		RestClient client = RestClient.builder()
			.apply(context.getBean(RestClientPools.class).fromPool("orders"))
			.requestInterceptor(interceptor)
			.build();
		return () -> client.get().uri(server.uri() + "/?size=1000000").retrieve().toBodilessEntity();
	}

	private static <T> T callQuietly(Callable<T> call) {
		try {
			return call.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Assert that a call terminates its thread with the error. */
	private static void assertDies(Runnable call) throws InterruptedException {
		AtomicReference<Throwable> death = new AtomicReference<>();
		Thread thread = new Thread(call);
		thread.setUncaughtExceptionHandler((died, cause) -> death.set(cause));
		thread.start();
		thread.join();
		assertThat(death.get()).isInstanceOf(UncaughtError.class);
	}

	/** Return an executor of virtual threads, which require Java 21. */
	private static ExecutorService virtualThreads() throws ReflectiveOperationException {
		assumeTrue(Runtime.version().feature() >= 21);
		return (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
	}

	private interface Scenario {

		void with(ApplicationContext context, Pool<?, ?> pool) throws Exception;

	}

	/** Caller with a thread of its own. */
	private static final class Caller {

		private final FutureTask<Boolean> interrupted;

		private final Thread thread;

		Caller(Callable<?> call) {
			this.interrupted = new FutureTask<>(() -> {
				assertThatExceptionOfType(RestClientException.class).isThrownBy(call::call);
				return Thread.currentThread().isInterrupted();
			});
			this.thread = new Thread(this.interrupted);
			this.thread.start();
		}

		void interrupt() {
			this.thread.interrupt();
		}

		void assertFailedInterrupted() throws Exception {
			assertThat(this.interrupted.get()).as("the interrupt status is kept").isTrue();
		}

	}

	/** Error that no code catches. */
	private static final class UncaughtError extends Error {

		private static final long serialVersionUID = 1L;

	}

}
