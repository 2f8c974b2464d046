package dev.servicepool.spring.http;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Pool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a {@link WaitObserver} stands by.
 */
class WaitObserverTests {

	private final AtomicInteger refusals = new AtomicInteger();

	private final List<String> waits = new ArrayList<>();

	private final Pool<HttpCall, ClientHttpResponse> pool = Pool.builder()
		.name("orders")
		.maxConcurrency(2)
		.build((target) -> (call) -> {
			if (this.refusals.getAndDecrement() > 0) {
				throw new IOException("too many concurrent streams");
			}
			return new MockClientHttpResponse(new byte[0], HttpStatus.OK);
		});

	@AfterEach
	void closePool() {
		this.pool.close();
	}

	@Test
	void aRequestWaitsOnce() throws IOException {
		send();
		assertThat(this.waits).containsExactly("orders");
	}

	@Test
	void aRequestThatIsRefusedWaitsAgain() throws IOException {
		this.refusals.set(2);
		send();
		assertThat(this.waits).containsExactly("orders", "orders", "orders");
	}

	private void send() throws IOException {
		RoutingClientHttpRequestFactory factory = new RoutingClientHttpRequestFactory((uri, method) -> {
			throw new AssertionError("Not over the pool");
		}, (uri) -> this.pool, (pool, wait) -> {
			this.waits.add(pool.name());
			return wait.forLease();
		});
		factory.createRequest(URI.create("http://orders/"), HttpMethod.GET).execute().close();
	}

}
