package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolOverloadedException;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.RestClientPools;
import dev.servicepool.spring.http.HttpCall;
import dev.servicepool.spring.http.PoolWaitObservationConvention;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the observation of the wait for a service.
 */
class WaitObservationTests {

	private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(10);

	private static final String REQUEST = "http.client.requests";

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final ExecutorService thread = Executors.newSingleThreadExecutor();

	@AutoClose
	private final Server server = Server.responding("ok");

	@AfterEach
	void stopThread() {
		this.thread.shutdownNow();
	}

	@Test
	void waitIsChildOfRequest() {
		observed().run((context) -> {
			assertThat(get(Applications.client(context), this.server.uri().toString())).isEqualTo("ok");
			observations().hasNumberOfObservationsEqualTo(2)
				.hasObservationWithNameEqualTo(PoolWaitObservationConvention.DEFAULT_NAME)
				.that()
				.hasParentObservationContextMatching((parent) -> parent.getName().equals(REQUEST))
				.hasContextualNameEqualTo("wait for orders")
				.hasLowCardinalityKeyValue("pool", "orders")
				.hasBeenStarted()
				.hasBeenStopped()
				.doesNotHaveError();
		});
	}

	@Test
	void waitIsChildOfRequestForClientFromPool() {
		observed().run((context) -> {
			RestClient client = context.getBean(RestClient.Builder.class)
				.apply(context.getBean(RestClientPools.class).fromPool("orders"))
				.build();
			assertThat(get(client, "http://orders")).isEqualTo("ok");
			observations().hasNumberOfObservationsEqualTo(2)
				.hasObservationWithNameEqualTo(PoolWaitObservationConvention.DEFAULT_NAME)
				.that()
				.hasParentObservationContextMatching((parent) -> parent.getName().equals(REQUEST));
		});
	}

	@Test
	void waitHasErrorWhenAcquireTimesOut() {
		observed("max-services=1", "max-concurrency=1", "acquire-timeout=1ms").run((context) -> {
			try (Lease<HttpCall, ClientHttpResponse> lease = pool(context).acquire(ACQUIRE_TIMEOUT)) {
				assertThatExceptionOfType(ResourceAccessException.class).as("while " + lease + " is active")
					.isThrownBy(() -> get(Applications.client(context), this.server.uri().toString()));
			}
			assertError(AcquireTimeoutException.class);
		});
	}

	@Test
	void waitHasErrorWhenCallIsRejected() {
		observed("max-services=1", "max-concurrency=1", "max-waiting=1").run((context) -> {
			Pool<HttpCall, ClientHttpResponse> pool = pool(context);
			Lease<HttpCall, ClientHttpResponse> lease = pool.acquire(ACQUIRE_TIMEOUT);
			Future<?> waits = this.thread.submit(() -> pool.acquire(ACQUIRE_TIMEOUT).succeed());
			await().until(() -> pool.snapshot().load().waiting() == 1);
			assertThatExceptionOfType(ResourceAccessException.class)
				.isThrownBy(() -> get(Applications.client(context), this.server.uri().toString()));
			assertError(PoolOverloadedException.class);
			lease.close();
			waits.get();
		});
	}

	@Test
	void nothingIsObservedWithoutRegistry() {
		Applications.pooled(this.server.uri()).run((context) -> {
			assertThat(get(Applications.client(context), this.server.uri().toString())).isEqualTo("ok");
			observations().hasNumberOfObservationsEqualTo(0);
		});
	}

	@Test
	void conventionBeanChangesTheObservation() {
		PoolWaitObservationConvention convention = new PoolWaitObservationConvention() {
			@Override
			public String getName() {
				return "own.wait";
			}
		};
		observed().withBean(PoolWaitObservationConvention.class, () -> convention).run((context) -> {
			get(Applications.client(context), this.server.uri().toString());
			observations().hasNumberOfObservationsEqualTo(2)
				.hasObservationWithNameEqualTo("own.wait")
				.that()
				.hasLowCardinalityKeyValue("pool", "orders");
		});
	}

	private ApplicationContextRunner observed(String... options) {
		ApplicationContextRunner runner = Applications.pooled(this.server.uri())
			.withConfiguration(AutoConfigurations.of(RestClientObservationAutoConfiguration.class))
			.withBean(TestObservationRegistry.class, () -> this.registry);
		for (String option : options) {
			runner = runner.withPropertyValues("pool.instances.orders." + option);
		}
		return runner;
	}

	private void assertError(Class<? extends Throwable> type) {
		observations().hasObservationWithNameEqualTo(PoolWaitObservationConvention.DEFAULT_NAME)
			.that()
			.hasBeenStopped()
			.satisfies((context) -> assertThat(context.getError()).isInstanceOf(type));
	}

	private TestObservationRegistryAssert observations() {
		return TestObservationRegistryAssert.assertThat(this.registry);
	}

	@SuppressWarnings("unchecked")
	private static Pool<HttpCall, ClientHttpResponse> pool(ApplicationContext context) {
		return context.getBean("ordersPool", Pool.class);
	}

	private static String get(RestClient client, String uri) {
		return client.get().uri(uri).retrieve().body(String.class);
	}

}
