package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.fixtures.Link;
import dev.servicepool.fixtures.LinkFailure;
import dev.servicepool.fixtures.Received;
import dev.servicepool.fixtures.Server;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Customers;
import dev.servicepool.spring.Orders;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that no order is placed twice if the server accepts few concurrent requests on a
 * connection and connections break at random.
 */
class ExactlyOnceTests {

	/**
	 * Number of orders of the measured test. Configurable with
	 * {@code -Dorders.total=1000000}.
	 */
	private static final int TOTAL = Integer.getInteger("orders.total", 100_000);

	private static final int CALLERS = 40;

	/** Number of concurrent requests that the server accepts on a connection. */
	private static final int STREAMS = 10;

	private static final int SEED = 42;

	/** Hedging requires virtual threads. */
	private static final boolean HEDGING = Runtime.version().feature() >= 21;

	/** Failure messages that prove that no server has processed the request. */
	private static final Set<String> UNSENT = Set.of("too many concurrent streams",
			"Received RST_STREAM: Stream not processed", "request not processed by peer");

	private final Orders orders = new Orders();

	private final Customers customers = new Customers(this.orders, 0);

	private final ApplicationContextRunner runner = Applications.plain();

	@Test
	@Timeout(120)
	void plainClientFailsAtStreamLimit() throws Exception {
		try (Server server = Server.http2(STREAMS).start(this.orders)) {
			this.runner.run((context) -> {
				RestClient client = client(context.getBean(RestClient.Builder.class), server.uri());
				placeAll(client, 0, 1);
				this.orders.record();
				placeAll(client, 1, CALLERS);
			});
			assertThat(this.customers.failed()).as("precondition").isNotEmpty();
			assertThat(this.customers.failed().values())
				.allSatisfy((failure) -> assertThat(failure).rootCause().hasMessage("too many concurrent streams"));
		}
	}

	@Test
	@Timeout(120)
	void eachOrderIsPlacedOnceOrFails() throws Exception {
		eachOrderIsPlacedOnceOrFails(10_000);
	}

	@Test
	@Tag("measured")
	@Timeout(1200)
	void eachOfManyOrdersIsPlacedOnceOrFails() throws Exception {
		eachOrderIsPlacedOnceOrFails(TOTAL);
	}

	/**
	 * The statuses of the policy are those that the server and its connections produce.
	 */
	@Test
	@Timeout(120)
	void noOrderIsRepeatedIfOtherRequestsAre() throws Exception {
		eachOrderIsPlacedOnceOrFails(10_000, "pool.retry.failures=connection-lost,timeout",
				"pool.retry.statuses=400,429,500,502,503,504",
				"pool.retry.methods=GET,HEAD,OPTIONS,TRACE,QUERY,PUT,DELETE", "pool.retry.max-retries=5",
				"pool.retry.budget.ratio=1", "pool.retry.budget.per-second=1000", "pool.deadline=4s",
				"pool.deadline-header=X-Deadline", "pool.hedge.delay=" + (HEDGING ? "1ms" : "0"));
	}

	private void eachOrderIsPlacedOnceOrFails(int total, String... properties) throws Exception {
		try (Server server = Server.http2(STREAMS).start(this.orders);
				Link link = Link.to(server.uri()).failRandomly(SEED, 50_000, LinkFailure.RESET)) {
			// The JDK's client for Java 17 may lose a request whose connection breaks. It
			// then reports neither a response nor a failure before the read timeout.
			this.runner
				.withPropertyValues("pool.instances.orders.targets=" + link.uri(), Applications.HTTP_2,
						"pool.instances.orders.client.read-timeout=5s")
				.withPropertyValues(properties)
				.run((context) -> {
					placeAll(client(context.getBean(RestClient.Builder.class), link.uri()), 0, total);
					assertThat(this.orders.twice()).as("orders placed twice").isEmpty();
					assertThat(this.customers.otherResponses()).isEmpty();
					assertThat(this.customers.total()).isEqualTo(total);
					assertThat(this.customers.placed()).as("orders known to the server")
						.allMatch(this.orders.seen()::contains);
					assertThat(this.customers.failed().values()).as("no failure of an unsent request")
						.noneMatch(ExactlyOnceTests::unsent);
					assertBalanced(context.getBean(Pool.class).snapshot());
					assertThat(link.broken()).as("connections reset").isGreaterThan(total / 1000);
				});
		}
	}

	private void assertBalanced(PoolSnapshot snapshot) {
		PoolSnapshot.Calls calls = snapshot.totals().calls();
		assertThat(snapshot.load().inFlight()).isZero();
		assertThat(snapshot.load().waiting()).isZero();
		assertThat(calls).as("calls, with order failures %s", failures())
			// Tomcat may read what a broken connection left in a buffer as the start of
			// the next one. It then responds with status 400.
			.returns(this.customers.placed().size() + failures(ExactlyOnceTests::isBadRequest),
					PoolSnapshot.Calls::succeeded)
			.returns(failures(ExactlyOnceTests::isFailed), PoolSnapshot.Calls::failed)
			// The JDK's client for Java 17 may throw a NullPointerException of its own
			// when a connection breaks. It is then unknown whether the service failed.
			.returns(failures((cause) -> !isFailed(cause) && !isBadRequest(cause)), PoolSnapshot.Calls::unknown)
			.returns(0L, PoolSnapshot.Calls::rejected)
			.returns(0L, PoolSnapshot.Calls::timedOut);
		assertThat(calls.unsent()).as("refused because of the stream limit").isPositive();
	}

	/** Return the number of orders whose failure has a root cause that matches. */
	private long failures(Predicate<Throwable> reason) {
		return this.customers.failed()
			.values()
			.stream()
			.map(NestedExceptionUtils::getMostSpecificCause)
			.filter(reason)
			.count();
	}

	private Map<String, Long> failures() {
		return this.customers.failed()
			.values()
			.stream()
			.map(NestedExceptionUtils::getMostSpecificCause)
			.map(Throwable::toString)
			.collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
	}

	/** Return whether a service failed. The end of a deadline interrupts the client. */
	private static boolean isFailed(Throwable cause) {
		return cause instanceof IOException || cause instanceof InterruptedException;
	}

	private static boolean isBadRequest(Throwable cause) {
		return cause instanceof HttpClientErrorException.BadRequest;
	}

	private static boolean unsent(Throwable failure) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
		return UNSENT.contains(String.valueOf(root.getMessage())) || root instanceof ConnectException;
	}

	private static RestClient client(RestClient.Builder builder, URI server) {
		return builder.baseUrl(server.toString()).build();
	}

	private void placeAll(RestClient client, int from, int to) throws Exception {
		this.customers.place(client, CALLERS, new AtomicInteger(from), (id) -> id < to);
	}

}
