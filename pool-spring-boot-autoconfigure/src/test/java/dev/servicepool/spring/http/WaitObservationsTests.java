package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link WaitObservations} and {@link AttemptObservations}.
 */
class WaitObservationsTests {

	private final AtomicInteger requestsToRefuse = new AtomicInteger();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final Pool<HttpCall, ClientHttpResponse> pool = Pool.builder()
		.name("orders")
		.maxConcurrency(2)
		.build((target) -> (call) -> {
			if (this.requestsToRefuse.getAndDecrement() > 0) {
				throw new IOException("too many concurrent streams");
			}
			return new MockClientHttpResponse(new byte[0], HttpStatus.OK) {
				@Override
				public void close() {
					WaitObservationsTests.this.closed.set(true);
				}
			};
		});

	@AfterEach
	void closePool() {
		this.pool.close();
	}

	@Test
	void requestHasOneObservation() throws IOException {
		send();
		assertWaits(1);
	}

	@Test
	void eachAttemptHasObservationWhenRequestIsRefused() throws IOException {
		this.requestsToRefuse.set(2);
		send();
		assertWaits(3);
	}

	@Test
	void leaseEndsWhenObservationHandlerFails() {
		this.registry.observationConfig().observationHandler(new Failing(PoolWaitContext.class));
		assertThatIllegalStateException().isThrownBy(this::send);
		assertThat(this.pool.snapshot().load().inFlight()).isZero();
	}

	@Test
	void responseIsClosedWhenObservationHandlerFails() {
		this.registry.observationConfig().observationHandler(new Failing(PoolAttemptContext.class));
		this.requestsToRefuse.set(1);
		assertThatIllegalStateException()
			.isThrownBy(() -> send(new AttemptObservations(() -> this.registry, () -> null)));
		assertThat(this.closed).isTrue();
		assertThat(this.pool.snapshot().load().inFlight()).isZero();
	}

	private void assertWaits(int count) {
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasNumberOfObservationsWithNameEqualTo(PoolWaitObservationConvention.DEFAULT_NAME, count)
			.hasNumberOfObservationsEqualTo(count);
	}

	private void send() throws IOException {
		send(AttemptObservations.NONE);
	}

	private void send(AttemptObservations attempts) throws IOException {
		RoutingClientHttpRequestFactory factory = new RoutingClientHttpRequestFactory((uri, method) -> {
			throw new AssertionError("Request bypassed the pool");
		}, (uri) -> this.pool, new RequestHandling((pool) -> RequestPolicy.DEFAULT,
				new WaitObservations(() -> this.registry, () -> null), attempts));
		factory.createRequest(URI.create("http://orders/"), HttpMethod.GET).execute().close();
	}

	/** Handler that fails when an observation stops. */
	private record Failing(Class<?> type) implements ObservationHandler<Observation.Context> {

		@Override
		public void onStop(Observation.Context context) {
			throw new IllegalStateException("handler");
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return this.type.isInstance(context);
		}

	}

}
