package dev.servicepool.spring.http;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

import com.sun.management.ThreadMXBean;
import dev.servicepool.Outcome;
import dev.servicepool.Pool;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.mock.http.client.MockClientHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The memory that a routed request needs if it has a deadline and may be repeated, but is
 * not.
 */
class DeadlineAllocationTests {

	private static final int WARM_UP = 20_000;

	private static final int REQUESTS = 20_000;

	private static final int MAX_BYTES = 200;

	private static final int MAX_BYTES_OF_HEDGING = 600;

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	/** Returned by all services, because it needs no memory for a request. */
	private static final ClientHttpResponse RESPONSE = new MockClientHttpResponse(new byte[0], HttpStatus.OK);

	@AutoClose
	private final Pool<HttpCall, ClientHttpResponse> pool = Pool.builder()
		.name("orders")
		.build((target) -> (call) -> RESPONSE);

	@Test
	void deadlineAndStatusesNeedLittleMemory() throws IOException {
		RoutingClientHttpRequestFactory off = factory(RequestPolicy.DEFAULT);
		RoutingClientHttpRequestFactory on = factory(
				new RequestPolicy(Set.of(Outcome.CONNECTION_LOST, Outcome.NO_RESPONSE), Set.of(503),
						RequestPolicy.DEFAULT.methods(), Duration.ofSeconds(10), null, null));
		send(off, WARM_UP);
		send(on, WARM_UP);
		double without = bytes(off);
		double with = bytes(on);
		if (Boolean.getBoolean("figures")) {
			System.out.printf("routed request: %.0f B, with deadline and statuses %.0f B%n", without, with);
		}
		assertThat(with).isLessThanOrEqualTo(without + MAX_BYTES);
	}

	/** The second attempt is prepared for each request. */
	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void hedgingNeedsLittleMemory() throws IOException {
		RoutingClientHttpRequestFactory off = factory(RequestPolicy.DEFAULT);
		RoutingClientHttpRequestFactory on = factory(new RequestPolicy(RequestPolicy.DEFAULT.failures(), Set.of(),
				RequestPolicy.DEFAULT.methods(), null, null, Hedging.after(Duration.ofMinutes(1))));
		send(off, WARM_UP);
		send(on, WARM_UP);
		double without = bytes(off);
		double with = bytes(on);
		if (Boolean.getBoolean("figures")) {
			System.out.printf("routed request: %.0f B, with hedging %.0f B%n", without, with);
		}
		assertThat(with).isLessThanOrEqualTo(without + MAX_BYTES_OF_HEDGING);
	}

	private RoutingClientHttpRequestFactory factory(RequestPolicy policy) {
		return new RoutingClientHttpRequestFactory((uri, method) -> {
			throw new UnsupportedOperationException();
		}, (uri) -> this.pool, new RequestHandling((name) -> policy, WaitObservations.NONE, AttemptObservations.NONE));
	}

	private static double bytes(RoutingClientHttpRequestFactory factory) throws IOException {
		long before = threads.getCurrentThreadAllocatedBytes();
		send(factory, REQUESTS);
		return (double) (threads.getCurrentThreadAllocatedBytes() - before) / REQUESTS;
	}

	private static void send(RoutingClientHttpRequestFactory factory, int count) throws IOException {
		URI uri = URI.create("http://orders/");
		for (int i = 0; i < count; i++) {
			factory.createRequest(uri, HttpMethod.GET).execute().close();
		}
	}

}
