package dev.servicepool.spring.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.DelayedHandler;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Received;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.PoolRequestAttributes;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.DeadlineExceededException;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for deadlines of requests to a server that responds when the test releases it.
 */
@Timeout(60)
class DeadlineTests {

	private static final String INSTANCE = "pool.instances.orders.";

	private static final Duration SHORT = Duration.ofMillis(200);

	private final DelayedHandler delayed = new DelayedHandler();

	private volatile Handler handler = this.delayed;

	@AutoClose
	private final Server server = Server.http1().start((request, response) -> this.handler.handle(request, response));

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues(INSTANCE + "targets=" + this.server.uri());

	@AfterEach
	void release() {
		this.delayed.release();
	}

	@Test
	void attemptIsCanceledAtDeadline() {
		this.runner.withPropertyValues(INSTANCE + "deadline=1s").run((context) -> {
			assertExceeded(() -> get(context)).withMessageStartingWith(
					"Deadline of 1000 ms exceeded by a request of" + " pool 'orders' during an attempt");
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
			assertThat(snapshot(context).load().inFlight()).isZero();
			assertThat(snapshot(context).totals().calls().failed()).as("the server did not respond").isOne();
		});
	}

	@Test
	void clientFromPoolHasDeadline() {
		this.runner.withPropertyValues("pool.deadline=200ms").run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class)
				.apply(context.getBean(RestClientPools.class).fromPool("orders"))
				.build();
			assertExceeded(() -> client.get().uri("http://orders").retrieve().toBodilessEntity());
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	@Test
	void waitForServiceIsPartOfDeadline() {
		this.runner
			.withPropertyValues(INSTANCE + "deadline=200ms", INSTANCE + "max-services=1",
					INSTANCE + "max-concurrency=1")
			.run((context) -> {
				try (Lease<?, ?> active = context.getBean(Pool.class).acquire()) {
					assertExceeded(() -> get(context)).withRootCauseInstanceOf(AcquireTimeoutException.class);
					assertThat(this.server.count()).as("requests while " + active + " is active").isZero();
				}
				assertThat(snapshot(context).load().inFlight()).isZero();
			});
	}

	@Test
	void timeoutThatEndsAtDeadlineIsNotRepeated() {
		this.runner.withPropertyValues(INSTANCE + "deadline=1s", "pool.retry.failures=timeout,connection-lost")
			.run((context) -> {
				assertExceeded(() -> get(context));
				assertThat(snapshot(context).totals().calls()).isEqualTo(new PoolSnapshot.Calls(0, 1, 0, 0, 0, 0, 0));
			});
	}

	@Test
	void attributeOverridesDeadlineOfPool() {
		this.runner.withPropertyValues(INSTANCE + "deadline=1h").run((context) -> {
			RestClient client = Applications.client(context);
			assertExceeded(() -> client.get()
				.uri(this.server.uri())
				.attributes(PoolRequestAttributes.deadline(SHORT))
				.retrieve()
				.toBodilessEntity());
		});
	}

	@Test
	void requestWhoseDeadlineIsOverIsNotSent() {
		this.runner.run((context) -> {
			RestClient client = Applications.client(context);
			for (Duration over : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
				assertExceeded(() -> client.get()
					.uri(this.server.uri())
					.attributes(PoolRequestAttributes.deadline(over))
					.retrieve()
					.toBodilessEntity());
			}
			assertThat(this.server.count()).isZero();
			assertThat(snapshot(context).totals().calls().failed()).isZero();
		});
	}

	@Test
	void attributeOfOtherTypeIsRejected() {
		this.runner.run((context) -> assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> Applications.client(context)
				.get()
				.uri(this.server.uri())
				.attribute(PoolRequestAttributes.DEADLINE, 200)
				.retrieve()
				.toBodilessEntity())
			.withMessage("The request attribute 'dev.servicepool.deadline' must be a Duration but was 200"));
	}

	@Test
	void bodyIsNotPartOfDeadline() {
		Duration deadline = Duration.ofSeconds(2);
		this.handler = Handler.responding(200, "");
		this.runner.run((context) -> {
			get(context);
			this.handler = (request, response) -> {
				response.flushBuffer();
				this.delayed.awaitRelease();
				response.getWriter().print("late");
			};
			long end = System.nanoTime() + deadline.toNanos();
			String body = Applications.client(context)
				.get()
				.uri(this.server.uri())
				.attributes(PoolRequestAttributes.deadline(deadline))
				.exchange((request, response) -> {
					await().until(() -> System.nanoTime() - end > 0);
					this.delayed.release();
					return new String(response.getBody().readAllBytes(), StandardCharsets.US_ASCII);
				});
			assertThat(body).isEqualTo("late");
		});
	}

	@Test
	void headerContainsRemainingMillisecondsOfEachAttempt() {
		this.handler = Handler.responding(503, "");
		this.runner
			.withPropertyValues(INSTANCE + "deadline=30s", INSTANCE + "deadline-header=X-Deadline",
					"pool.retry.statuses=503")
			.run((context) -> {
				Applications.client(context)
					.get()
					.uri(this.server.uri())
					.header("X-Deadline", "later")
					.exchange((request, response) -> response.getStatusCode());
				List<Integer> left = this.server.requests()
					.stream()
					.map((request) -> Integer.valueOf(request.header("X-Deadline")))
					.toList();
				assertThat(left).hasSize(2).allSatisfy((millis) -> assertThat(millis).isBetween(1, 30_000));
				assertThat(left.get(1)).isLessThanOrEqualTo(left.get(0));
			});
	}

	@Test
	void requestWithoutDeadlineHasNoHeader() {
		this.handler = Handler.responding(200, "");
		this.runner.withPropertyValues(INSTANCE + "deadline-header=X-Deadline").run((context) -> {
			get(context);
			assertThat(this.server.requests()).extracting((Received request) -> request.header("X-Deadline"))
				.containsOnlyNulls();
		});
	}

	@Test
	void interruptOfApplicationIsNoExceededDeadline() {
		this.runner.withPropertyValues(INSTANCE + "deadline=1h").run((context) -> {
			CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
			FutureTask<Void> call = new FutureTask<>(() -> {
				try {
					get(context);
				}
				finally {
					interrupted.complete(Thread.currentThread().isInterrupted());
				}
			}, null);
			Thread caller = new Thread(call);
			caller.start();
			await().until(() -> this.server.count() == 1);
			caller.interrupt();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> call.get(10, TimeUnit.SECONDS))
				.havingRootCause()
				.isNotInstanceOf(DeadlineExceededException.class);
			assertThat(interrupted).isCompletedWithValue(true);
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	private static ThrowableAssertAlternative<?> assertExceeded(Runnable call) {
		return assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(call::run)
			.havingCause()
			.isInstanceOf(DeadlineExceededException.class);
	}

	private void get(ApplicationContext context) {
		Applications.client(context).get().uri(this.server.uri()).retrieve().toBodilessEntity();
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

}
