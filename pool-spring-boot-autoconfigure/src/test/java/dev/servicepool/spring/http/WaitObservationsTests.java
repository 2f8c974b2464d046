package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpResponse;

/**
 * Tests for {@link WaitObservations}.
 */
class WaitObservationsTests {

	private final AtomicInteger requestsToRefuse = new AtomicInteger();

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final Pool<HttpCall, ClientHttpResponse> pool = Pool.builder()
		.name("orders")
		.maxConcurrency(2)
		.build((target) -> (call) -> {
			if (this.requestsToRefuse.getAndDecrement() > 0) {
				throw new IOException("too many concurrent streams");
			}
			return new MockClientHttpResponse(new byte[0], HttpStatus.OK);
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

	private void assertWaits(int count) {
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasNumberOfObservationsWithNameEqualTo(PoolWaitObservationConvention.DEFAULT_NAME, count)
			.hasNumberOfObservationsEqualTo(count);
	}

	private void send() throws IOException {
		RoutingClientHttpRequestFactory factory = new RoutingClientHttpRequestFactory((uri, method) -> {
			throw new AssertionError("Request bypassed the pool");
		}, (uri) -> this.pool, new RequestHandling((pool) -> RequestPolicy.DEFAULT,
				new WaitObservations(() -> this.registry, () -> null), AttemptObservations.NONE));
		factory.createRequest(URI.create("http://orders/"), HttpMethod.GET).execute().close();
	}

}
