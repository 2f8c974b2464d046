package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.DelayedHandler;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.HttpClientServiceFactory;
import dev.servicepool.spring.PoolRequestAttributes;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.DeadlineExceededException;
import dev.servicepool.spring.http.HttpClientService;
import dev.servicepool.spring.http.PoolAttemptObservationConvention;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.match.MockRestRequestMatchers;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static dev.servicepool.spring.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for requests that are sent a second time because they take long, to a server that
 * responds when the test releases it and to another one that works.
 */
@Timeout(60)
@EnabledForJreRange(min = JRE.JAVA_21)
class HedgeTests {

	private static final String INSTANCE = "pool.instances.orders.";

	private static final String DELAY = "pool.hedge.delay=50ms";

	private static final int CALLS = 20;

	private final DelayedHandler delayed = new DelayedHandler();

	private volatile Handler slowHandler = this.delayed;

	private volatile Handler fastHandler = Handler.responding(200, "");

	@AutoClose
	private final Server slow = Server.http1().start((request, response) -> this.slowHandler.handle(request, response));

	@AutoClose
	private final Server fast = Server.http1().start((request, response) -> this.fastHandler.handle(request, response));

	private final ApplicationContextRunner runner = Applications.plain()
		.withPropertyValues("pool.load-metric=constant", "pool.outlier-detection.consecutive-failures=0",
				"pool.outlier-detection.failure-rate=0", INSTANCE + "url=http://orders",
				INSTANCE + "targets=" + this.slow.uri() + "," + this.fast.uri());

	@AfterEach
	void release() {
		this.delayed.release();
	}

	@Test
	void otherServerRespondsWhileFirstOneDoesNot() {
		this.runner.withPropertyValues(DELAY).run(ready((context) -> {
			for (int i = 0; i < CALLS; i++) {
				assertThat(status(context, HttpMethod.GET).value()).isEqualTo(200);
				assertThat(Thread.currentThread().isInterrupted()).isFalse();
			}
			assertThat(this.slow.count()).as("precondition").isPositive();
			await().until(() -> snapshot(context).load().inFlight() == 0);
			PoolSnapshot.Retries retries = snapshot(context).totals().retries();
			assertThat(retries.hedgesWon()).isPositive().isLessThanOrEqualTo(retries.hedges());
			assertThat(snapshot(context).totals().calls()).returns((long) CALLS, PoolSnapshot.Calls::succeeded)
				.returns(retries.hedges(), PoolSnapshot.Calls::unknown)
				.returns(0L, PoolSnapshot.Calls::failed);
		}));
	}

	/**
	 * The connections freeze silently, so that only the read timeout would end a call.
	 */
	@Test
	void frozenTargetDelaysRequestsByHedgeDelayOnly() {
		try (Server first = Server.http2(100).start(Handler.responding(200, ""));
				Server second = Server.http2(100).start(Handler.responding(200, ""));
				Link link = Link.to(first.uri())) {
			this.runner
				.withPropertyValues(DELAY, Applications.HTTP_2, INSTANCE + "targets=" + link.uri() + "," + second.uri())
				.run(ready((context) -> {
					while (first.count() == 0 || second.count() == 0) {
						status(context, HttpMethod.GET);
					}
					long before = snapshot(context).totals().retries().hedgesWon();
					long slowest = 0;
					for (int i = 0; i < CALLS; i++) {
						// A connection may be a new one.
						link.freeze();
						long start = System.nanoTime();
						assertThat(status(context, HttpMethod.GET).value()).isEqualTo(200);
						slowest = Math.max(slowest, System.nanoTime() - start);
					}
					long hedges = snapshot(context).totals().retries().hedgesWon() - before;
					figure("frozen target: slowest of %d calls %.1f ms, hedge delay 50 ms, %d hedges won", CALLS,
							slowest / 1e6, hedges);
					assertThat(hedges).isPositive();
					assertThat(Duration.ofNanos(slowest)).isBetween(Duration.ofMillis(50), Duration.ofMillis(1000));
					await().until(() -> snapshot(context).load().inFlight() == 0);
				}));
		}
	}

	@Test
	void quickRequestIsSentOnce() {
		this.slowHandler = this.fastHandler;
		this.runner.withPropertyValues("pool.hedge.delay=30s").run(ready((context) -> {
			status(context, HttpMethod.GET);
			assertThat(this.slow.count() + this.fast.count()).isOne();
			assertThat(snapshot(context).totals().retries().hedges()).isZero();
		}));
	}

	@Test
	void hedgingIsOffByDefault() {
		this.runner.withPropertyValues(INSTANCE + "client.read-timeout=300ms").run(ready((context) -> {
			while (this.slow.count() == 0) {
				statusOrTimeout(context);
			}
			assertThat(snapshot(context).totals().retries().hedges()).isZero();
		}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "retry.budget.ratio=0,pool.retry.budget.per-second=0", "retry.max-retries=0",
			"retry.methods=PUT", "hedge.delay=0" })
	void requestThatMustNotBeRepeatedIsSentOnce(String properties) {
		this.runner.withPropertyValues(DELAY, INSTANCE + "client.read-timeout=300ms")
			.withPropertyValues(("pool." + properties).split(","))
			.run(ready((context) -> {
				while (this.slow.count() == 0) {
					statusOrTimeout(context);
				}
				assertThat(snapshot(context).totals().retries().hedges()).isZero();
				assertThat(snapshot(context).load().inFlight()).isZero();
			}));
	}

	@Test
	void requestIsSentOnceIfNoPermitIsFree() {
		this.runner
			.withPropertyValues(DELAY, INSTANCE + "client.read-timeout=300ms", INSTANCE + "targets=" + this.slow.uri(),
					INSTANCE + "max-services=1")
			.run(ready((context) -> {
				while (this.slow.count() == 0) {
					statusOrTimeout(context);
				}
				assertThat(this.slow.count()).isOne();
				assertThat(snapshot(context).totals().retries().hedges()).isZero();
			}));
	}

	@Test
	void postIsHedgedOnlyIfCallerDeclaresIt() {
		this.runner.withPropertyValues(DELAY, INSTANCE + "client.read-timeout=1s").run(ready((context) -> {
			RestClient client = Applications.client(context);
			while (this.slow.count() == 0) {
				post(client, (attributes) -> {
				}, null);
			}
			assertThat(snapshot(context).totals().retries().hedges()).isZero();
			while (snapshot(context).totals().retries().hedgesWon() == 0) {
				assertThat(post(client, PoolRequestAttributes.retryable(), null)).isTrue();
			}
			long before = this.slow.count();
			while (this.slow.count() == before) {
				assertThat(post(client, (attributes) -> {
				}, "7")).isTrue();
			}
		}));
	}

	@Test
	void requestOfFactoryBeanIsHedged() {
		this.runner.withPropertyValues(DELAY)
			.withBean("orders", HttpClientServiceFactory.class,
					() -> (target) -> HttpClientService.of(target, new JdkClientHttpRequestFactory()))
			.run(ready((context) -> {
				for (int i = 0; i < CALLS; i++) {
					assertThat(status(context, HttpMethod.GET).value()).isEqualTo(200);
				}
				assertThat(snapshot(context).totals().retries().hedgesWon()).isPositive();
			}));
	}

	/** Only the services that the bean creates show which client they use. */
	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void clientOfFactoryBeanThatIgnoresInterruptsIsReported(CapturedOutput output) {
		SimpleClientHttpRequestFactory simple = new SimpleClientHttpRequestFactory();
		simple.setReadTimeout(Duration.ofMillis(300));
		this.runner.withPropertyValues(DELAY)
			.withBean("orders", HttpClientServiceFactory.class, () -> (target) -> HttpClientService.of(target, simple))
			.run(ready((context) -> {
				while (this.slow.count() == 0) {
					statusOrTimeout(context);
				}
				assertThat(snapshot(context).totals().retries().hedges()).isZero();
			}));
		assertThat(output).containsOnlyOnce("Pool 'orders': no request is sent a second time while its first"
				+ " attempt is in progress, because HttpClientService using SimpleClientHttpRequestFactory at 127.0.0.1"
				+ " does not end a request when its thread is interrupted.");
	}

	@Test
	void interceptorAndMockServerSeeOneRequest() {
		this.runner.withPropertyValues(DELAY).run(ready((context) -> {
			AtomicInteger intercepted = new AtomicInteger();
			RestClient.Builder builder = context.getBean(RestClient.Builder.class)
				.apply(context.getBean(RestClientPools.class).fromPool("orders"))
				.requestInterceptor((request, body, execution) -> {
					intercepted.incrementAndGet();
					return execution.execute(request, body);
				});
			RestClient client = builder.build();
			for (int i = 0; i < CALLS; i++) {
				assertThat(status(client).value()).isEqualTo(200);
			}
			assertThat(snapshot(context).totals().retries().hedgesWon()).as("precondition").isPositive();
			assertThat(intercepted).hasValue(CALLS);
			MockRestServiceServer server = MockRestServiceServer.bindTo(builder).build();
			server.expect(MockRestRequestMatchers.requestTo("http://orders"))
				.andRespond(MockRestResponseCreators.withSuccess());
			assertThat(status(builder.build()).value()).isEqualTo(200);
			server.verify();
			await().until(() -> snapshot(context).load().inFlight() == 0);
		}));
	}

	@Test
	void secondAttemptIsObservedBelowTheCall() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		// The fast server responds to the first request within this time.
		this.runner.withPropertyValues("pool.hedge.delay=2s")
			.withConfiguration(AutoConfigurations.of(RestClientObservationAutoConfiguration.class))
			.withBean(TestObservationRegistry.class, () -> registry)
			.run(ready((context) -> {
				while (this.slow.count() == 0) {
					status(context, HttpMethod.GET);
				}
				TestObservationRegistryAssert.assertThat(registry)
					.hasObservationWithNameEqualTo(PoolAttemptObservationConvention.DEFAULT_NAME)
					.that()
					.hasParentObservationContextMatching((parent) -> parent.getName().equals("http.client.requests"))
					.hasLowCardinalityKeyValue("pool", "orders")
					.hasLowCardinalityKeyValue("reason", "hedge")
					.hasHighCardinalityKeyValueWithKey("target")
					.hasBeenStopped()
					.doesNotHaveError();
			}));
	}

	@Test
	void deadlineEndsBothAttempts() {
		this.fastHandler = this.slowHandler;
		this.runner.withPropertyValues(DELAY, "pool.deadline=2s").run(ready((context) -> {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> status(context, HttpMethod.GET))
				.havingCause()
				.isInstanceOf(DeadlineExceededException.class);
			assertThat(this.slow.count() + this.fast.count()).isEqualTo(2);
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
			await().until(() -> snapshot(context).load().inFlight() == 0);
		}));
	}

	@Test
	void interruptOfCallerEndsBothAttempts() {
		this.fastHandler = this.slowHandler;
		this.runner.withPropertyValues(DELAY).run(ready((context) -> {
			FutureTask<HttpStatusCode> call = new FutureTask<>(() -> status(context, HttpMethod.GET));
			Thread caller = new Thread(call);
			caller.start();
			await().until(() -> this.slow.count() + this.fast.count() == 2);
			caller.interrupt();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> call.get(10, TimeUnit.SECONDS));
			await().until(() -> snapshot(context).load().inFlight() == 0);
		}));
	}

	@Test
	void percentileOfRecentLatenciesIsTheDelay() {
		this.slowHandler = this.fastHandler;
		this.runner.withPropertyValues("pool.hedge.percentile=95").run(ready((context) -> {
			for (int i = 0; i < 200; i++) {
				status(context, HttpMethod.GET);
			}
			this.slowHandler = this.delayed;
			long before = snapshot(context).totals().retries().hedgesWon();
			await().until(() -> {
				status(context, HttpMethod.GET);
				return snapshot(context).totals().retries().hedgesWon() >= before + 3;
			});
		}));
	}

	/** Run a test when all services are ready. */
	private static ContextConsumer<AssertableApplicationContext> ready(
			ContextConsumer<AssertableApplicationContext> test) {
		return (context) -> {
			await().until(() -> snapshot(context).size().ready() == snapshot(context).settings().minServices());
			test.accept(context);
		};
	}

	private void statusOrTimeout(ApplicationContext context) {
		try {
			status(context, HttpMethod.GET);
		}
		catch (ResourceAccessException ex) {
			assertThat(ex).as("no response within the read timeout").hasCauseInstanceOf(IOException.class);
		}
	}

	/** Send a POST request, and return whether it had a response in time. */
	private static boolean post(RestClient client, Consumer<Map<String, Object>> attributes, String key) {
		try {
			client.post().uri("http://orders").attributes(attributes).headers((headers) -> {
				if (key != null) {
					headers.set("Idempotency-Key", key);
				}
			}).body("order").retrieve().toBodilessEntity();
			return true;
		}
		catch (ResourceAccessException ex) {
			return false;
		}
	}

	private static HttpStatusCode status(ApplicationContext context, HttpMethod method) {
		return Applications.client(context)
			.method(method)
			.uri("http://orders")
			.exchange((request, response) -> response.getStatusCode());
	}

	private static HttpStatusCode status(RestClient client) {
		return client.get().uri("http://orders").exchange((request, response) -> response.getStatusCode());
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	private static void figure(String format, Object... arguments) {
		if (Boolean.getBoolean("figures")) {
			System.out.printf(format + "%n", arguments);
		}
	}

}
