package dev.servicepool.spring.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.ServiceFactory;
import dev.servicepool.fixtures.DelayedHandler;
import dev.servicepool.fixtures.Handler;
import dev.servicepool.fixtures.Received;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.PoolRequestAttributes;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.PoolAttemptObservationConvention;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpResponse;
import org.springframework.test.web.client.MockRestServiceServer;
import org.springframework.test.web.client.match.MockRestRequestMatchers;
import org.springframework.test.web.client.response.MockRestResponseCreators;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for requests that are sent again after an error response or a timeout, to a
 * server that fails and another one that works.
 */
@Timeout(60)
class SecondAttemptTests {

	private static final String INSTANCE = "pool.instances.orders.";

	private static final int CALLS = 20;

	private final DelayedHandler delayed = new DelayedHandler();

	private final AtomicInteger answered = new AtomicInteger();

	private volatile Handler failure = Handler.responding(503, "");

	@AutoClose
	private final Server failing = Server.http1().start((request, response) -> this.failure.handle(request, response));

	@AutoClose
	private final Server working = Server.responding("ok");

	private final ApplicationContextRunner alone = Applications.plain()
		.withPropertyValues("pool.load-metric=constant", "pool.outlier-detection.consecutive-failures=0",
				"pool.outlier-detection.failure-rate=0", INSTANCE + "url=http://orders",
				INSTANCE + "targets=" + this.failing.uri());

	private final ApplicationContextRunner both = this.alone
		.withPropertyValues(INSTANCE + "targets=" + this.failing.uri() + "," + this.working.uri());

	@AfterEach
	void release() {
		this.delayed.release();
	}

	@Test
	void requestIsSentToOtherServerAfterConfiguredStatus() {
		this.both.withPropertyValues("pool.retry.statuses=503").run((context) -> {
			await().until(() -> snapshot(context).size().ready() == 2);
			for (int i = 0; i < CALLS; i++) {
				assertThat(status(context, HttpMethod.GET).value()).isEqualTo(200);
			}
			assertThat(this.failing.count()).isPositive();
			assertThat(this.working.count()).isEqualTo(CALLS);
			assertThat(snapshot(context).totals().calls()).returns((long) CALLS, PoolSnapshot.Calls::succeeded)
				.returns(this.failing.count(), PoolSnapshot.Calls::unknown);
			assertThat(snapshot(context).totals().retries().attempts()).isEqualTo(this.failing.count());
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "retry.statuses=502", "'retry.statuses=503,retry.max-retries=0'",
			"'retry.statuses=503,retry.methods=PUT'",
			"'retry.statuses=503,retry.budget.ratio=0,retry.budget.per-second=0'",
			"'retry.statuses=503,max-services=1,max-concurrency=1'" })
	void responseIsReturnedIfRequestCannotBeRepeated(String properties) {
		ApplicationContextRunner runner = this.alone;
		for (String property : properties.split(",")) {
			runner = runner.withPropertyValues(INSTANCE + property);
		}
		runner.run((context) -> {
			assertThat(status(context, HttpMethod.GET).value()).isEqualTo(503);
			assertThat(this.failing.count()).isOne();
			assertThat(snapshot(context).totals().calls().failed()).isOne();
		});
	}

	@Test
	void callerReceivesResponseOfSecondAttempt() {
		this.failure = (request, response) -> Handler.respond(request, response, 503,
				"response " + this.answered.incrementAndGet());
		this.alone.withPropertyValues("pool.retry.statuses=503").run((context) -> {
			String body = Applications.client(context)
				.get()
				.uri("http://orders")
				.exchange((request, response) -> new String(response.getBody().readAllBytes(),
						StandardCharsets.US_ASCII));
			assertThat(body).isEqualTo("response 2");
			assertThat(this.failing.count()).isEqualTo(2);
		});
	}

	@Test
	void callerReceivesFailureOfSecondAttempt() {
		this.failure = (request, response) -> {
			if (this.answered.incrementAndGet() == 1) {
				Handler.respond(request, response, 503, "");
			}
			else {
				this.delayed.handle(request, response);
			}
		};
		this.alone.withPropertyValues("pool.retry.statuses=503", INSTANCE + "client.read-timeout=1s").run((context) -> {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> status(context, HttpMethod.GET));
			assertThat(this.failing.count()).isEqualTo(2);
			assertThat(snapshot(context).totals().calls()).returns(1L, PoolSnapshot.Calls::failed)
				.returns(1L, PoolSnapshot.Calls::unknown);
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	/** The budget is 20 % of the requests, plus 10 in ten seconds. */
	@Test
	void fewRepeatedRequestsReachServersThatAllFail() {
		int calls = 300;
		this.alone.withPropertyValues("pool.retry.statuses=503", "pool.retry.budget.per-second=1").run((context) -> {
			for (int i = 0; i < calls; i++) {
				assertThat(status(context, HttpMethod.GET).value()).isEqualTo(503);
			}
			assertThat(this.failing.count()).isGreaterThan(calls).isLessThanOrEqualTo(calls * 12 / 10 + 10);
			assertThat(snapshot(context).totals().retries().denied()).isPositive();
			assertThat(snapshot(context).totals().retries().exhausted()).isTrue();
			this.failure = Handler.responding(200, "");
			assertThat(status(context, HttpMethod.GET).value()).isEqualTo(200);
		});
	}

	@Test
	void serverThatRequestsPauseReceivesNoSecondAttempt() {
		this.failure = (request, response) -> {
			response.setHeader("Retry-After", "1");
			Handler.respond(request, response, 429, "");
		};
		this.alone.withPropertyValues("pool.retry.statuses=429").run((context) -> {
			assertThat(status(context, HttpMethod.GET).value()).isEqualTo(429);
			assertThat(this.failing.count()).isOne();
		});
		this.both.withPropertyValues("pool.retry.statuses=429").run((context) -> {
			await().until(() -> snapshot(context).size().ready() == 2);
			for (int i = 0; i < CALLS; i++) {
				assertThat(status(context, HttpMethod.GET).value()).isEqualTo(200);
			}
			assertThat(this.failing.count()).isGreaterThan(1);
		});
	}

	@Test
	void requestIsSentToOtherServerAfterTimeoutIfConfigured() {
		this.failure = this.delayed;
		this.both.withPropertyValues("pool.retry.failures=timeout", INSTANCE + "client.read-timeout=1s")
			.run((context) -> {
				while (this.failing.count() == 0) {
					assertThat(status(context, HttpMethod.GET).value()).isEqualTo(200);
				}
				assertThat(snapshot(context).load().inFlight()).isZero();
			});
	}

	@Test
	void timeoutFailsByDefault() {
		this.failure = this.delayed;
		this.alone.withPropertyValues(INSTANCE + "client.read-timeout=200ms").run((context) -> {
			assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(() -> status(context, HttpMethod.GET));
			assertThat(snapshot(context).totals().calls()).isEqualTo(new PoolSnapshot.Calls(0, 1, 0, 0, 0, 0, 0));
		});
	}

	@Test
	void postIsNotRepeatedUnlessCallerDeclaresIt() {
		this.alone.withPropertyValues("pool.retry.statuses=503", "pool.retry.methods=GET,PUT,DELETE").run((context) -> {
			RestClient client = Applications.client(context);
			assertRequests(1, () -> post(client, (attributes) -> {
			}));
			assertRequests(2, () -> post(client, PoolRequestAttributes.retryable()));
			assertRequests(2,
					() -> client.post()
						.uri("http://orders")
						.header("Idempotency-Key", "7")
						.exchange((request, response) -> response.getStatusCode()));
			assertRequests(1,
					() -> client.patch()
						.uri("http://orders")
						.exchange((request, response) -> response.getStatusCode()));
			assertRequests(2,
					() -> client.put().uri("http://orders").exchange((request, response) -> response.getStatusCode()));
		});
	}

	@Test
	void getIsNotRepeatedIfCallerForbidsIt() {
		this.alone.withPropertyValues("pool.retry.statuses=503")
			.run((context) -> assertRequests(1,
					() -> Applications.client(context)
						.get()
						.uri("http://orders")
						.attribute(PoolRequestAttributes.RETRYABLE, false)
						.exchange((request, response) -> response.getStatusCode())));
	}

	@Test
	void bodyIsSentWithEachAttempt() {
		List<String> bodies = new CopyOnWriteArrayList<>();
		this.failure = (request, response) -> {
			bodies.add(new String(request.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
			response.setStatus(503);
		};
		this.alone.withPropertyValues("pool.retry.statuses=503").run((context) -> {
			post(Applications.client(context), PoolRequestAttributes.retryable());
			assertThat(bodies).containsExactly("order", "order");
		});
	}

	@Test
	void interfaceDeclaresRequestRetryable() {
		this.alone.withPropertyValues("pool.retry.statuses=503").run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class)
				.defaultStatusHandler(HttpStatusCode::isError, (request, response) -> {
				})
				.build();
			Orders orders = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
				.build()
				.createClient(Orders.class);
			assertRequests(2, () -> orders.place(true));
			assertRequests(1, () -> orders.place(false));
		});
	}

	@Test
	void eachFurtherAttemptIsObservedBelowTheCall() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		this.alone.withPropertyValues("pool.retry.statuses=503")
			.withConfiguration(AutoConfigurations.of(RestClientObservationAutoConfiguration.class))
			.withBean(TestObservationRegistry.class, () -> registry)
			.run((context) -> {
				status(context, HttpMethod.GET);
				TestObservationRegistryAssert.assertThat(registry)
					.hasNumberOfObservationsWithNameEqualTo("http.client.requests", 1)
					.hasNumberOfObservationsWithNameEqualTo(PoolAttemptObservationConvention.DEFAULT_NAME, 1)
					.hasObservationWithNameEqualTo(PoolAttemptObservationConvention.DEFAULT_NAME)
					.that()
					.hasParentObservationContextMatching((parent) -> parent.getName().equals("http.client.requests"))
					.hasLowCardinalityKeyValue("pool", "orders")
					.hasLowCardinalityKeyValue("reason", "status")
					.hasHighCardinalityKeyValue("target", this.failing.uri().toString())
					.hasBeenStopped()
					.doesNotHaveError();
			});
	}

	@Test
	void firstResponseIsClosedBeforeSecondAttempt() {
		Applications.plain()
			.withUserConfiguration(Scripted.class)
			.withPropertyValues("pool.retry.statuses=503", INSTANCE + "max-services=1")
			.run((context) -> {
				List<String> steps = context.getBean(Scripted.class).steps;
				AtomicInteger intercepted = new AtomicInteger();
				RestClient client = context.getBean(RestClient.Builder.class)
					.apply(context.getBean(RestClientPools.class).fromPool("orders"))
					.requestInterceptor((request, body, execution) -> {
						intercepted.incrementAndGet();
						return execution.execute(request, body);
					})
					.build();
				HttpStatusCode status = client.get()
					.uri("http://orders")
					.exchange((request, response) -> response.getStatusCode());
				assertThat(status).isEqualTo(HttpStatus.OK);
				assertThat(steps).containsExactly("sent", "closed 503", "sent", "closed 200");
				assertThat(intercepted).as("calls that the interceptor saw").hasValue(1);
				assertThat(snapshot(context).load().inFlight()).isZero();
			});
	}

	@Test
	void mockServerReceivesOneRequest() {
		this.alone.withPropertyValues("pool.retry.statuses=503").run((context) -> {
			RestClient.Builder builder = context.getBean(RestClient.Builder.class)
				.apply(context.getBean(RestClientPools.class).fromPool("orders"));
			MockRestServiceServer server = MockRestServiceServer.bindTo(builder).build();
			server.expect(MockRestRequestMatchers.requestTo("http://orders/"))
				.andRespond(MockRestResponseCreators.withServiceUnavailable());
			HttpStatusCode status = builder.build()
				.get()
				.uri("http://orders/")
				.exchange((request, response) -> response.getStatusCode());
			assertThat(status).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
			server.verify();
			assertThat(snapshot(context).load().inFlight()).isZero();
		});
	}

	private void assertRequests(int count, Runnable call) {
		long before = this.failing.count();
		call.run();
		assertThat(this.failing.count() - before).as("requests, the last ones being %s", methods()).isEqualTo(count);
	}

	private List<String> methods() {
		return new ArrayList<>(this.failing.requests()).stream().map(Received::line).toList();
	}

	private static void post(RestClient client, Consumer<Map<String, Object>> attributes) {
		client.post()
			.uri("http://orders")
			.attributes(attributes)
			.body("order")
			.exchange((request, response) -> response.getStatusCode());
	}

	private static HttpStatusCode status(ApplicationContext context, HttpMethod method) {
		return Applications.client(context)
			.method(method)
			.uri("http://orders")
			.exchange((request, response) -> response.getStatusCode());
	}

	private static PoolSnapshot snapshot(ApplicationContext context) {
		return context.getBean(Pool.class).snapshot();
	}

	interface Orders {

		@PostExchange("http://orders")
		void place(@RequestAttribute(PoolRequestAttributes.RETRYABLE) boolean retryable);

	}

	@Configuration(proxyBeanMethods = false)
	static class Scripted {

		final List<String> steps = new ArrayList<>();

		private HttpStatus next = HttpStatus.SERVICE_UNAVAILABLE;

		@Bean
		ServiceFactory<HttpCall, ClientHttpResponse> orders() {
			return (target) -> (call) -> respond();
		}

		private ClientHttpResponse respond() {
			HttpStatus status = this.next;
			this.next = HttpStatus.OK;
			this.steps.add("sent");
			return new MockClientHttpResponse(new byte[0], status) {

				@Override
				public void close() {
					Scripted.this.steps.add("closed " + status.value());
				}

			};
		}

	}

}
