package dev.servicepool.spring.autoconfigure;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.spring.Applications;
import dev.servicepool.spring.Customers;
import dev.servicepool.spring.FlakyLink;
import dev.servicepool.spring.Http2Server;
import dev.servicepool.spring.Orders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Orders that must not be placed twice, at a server that takes few at a time on a
 * connection, over connections that break at random.
 */
class ExactlyOnceTests {

	/** More on demand: {@code -Dorders.total=1000000}. */
	private static final int TOTAL = Integer.getInteger("orders.total", 100_000);

	private static final int CALLERS = 40;

	/** How many requests the server takes at a time on a connection. */
	private static final int STREAMS = 10;

	private static final int SEED = 42;

	/** The failures of requests that nobody has worked on. */
	private static final Set<String> UNSENT = Set.of("too many concurrent streams",
			"Received RST_STREAM: Stream not processed", "request not processed by peer");

	@TempDir
	private Path folder;

	private final Orders orders = new Orders();

	private final Customers customers = new Customers(this.orders, 0);

	private final ApplicationContextRunner runner = Applications.plain();

	@Test
	@Timeout(120)
	void aPlainClientFailsOnTheLimit() throws Exception {
		try (Http2Server server = new Http2Server(this.folder, STREAMS, this.orders)) {
			this.runner.run((context) -> {
				RestClient client = client(context.getBean(RestClient.Builder.class), server.clearUri());
				placeAll(client, 0, 1);
				this.orders.record();
				placeAll(client, 1, CALLERS);
			});
			assertThat(this.customers.failed()).as("the premise of what follows").isNotEmpty();
			assertThat(this.customers.failed().values())
				.allSatisfy((failure) -> assertThat(failure).rootCause().hasMessage("too many concurrent streams"));
		}
	}

	@Test
	@Timeout(600)
	void noOrderIsPlacedTwiceAndEachIsAnsweredOrHasFailed() throws Exception {
		try (Http2Server server = new Http2Server(this.folder, STREAMS, this.orders);
				FlakyLink link = new FlakyLink(server.clearUri(), 50_000, SEED)) {
			// The JDK's client for Java 17 may lose a request whose connection breaks: no
			// answer, no failure
			this.runner
				.withPropertyValues("pool.instances.orders.targets=" + link.uri(),
						"pool.instances.orders.client.read-timeout=15s")
				.run((context) -> {
					placeAll(client(context.getBean(RestClient.Builder.class), link.uri()), 0, TOTAL);
					assertThat(this.orders.twice()).as("placed twice").isEmpty();
					assertThat(this.customers.otherAnswers()).isEmpty();
					assertThat(this.customers.total()).isEqualTo(TOTAL);
					assertThat(this.customers.placed()).as("which the server has seen")
						.allMatch(this.orders.seen()::contains);
					assertThat(this.customers.failed().values()).as("that were known to be unsent")
						.noneMatch(ExactlyOnceTests::unsent);
					assertBalanced(context.getBean(Pool.class).snapshot());
					assertThat(link.resets()).as("connections reset").isGreaterThan(TOTAL / 1000);
				});
		}
	}

	private void assertBalanced(PoolSnapshot snapshot) {
		PoolSnapshot.Calls calls = snapshot.calls();
		assertThat(snapshot.inFlight()).isZero();
		assertThat(snapshot.waiting()).isZero();
		assertThat(calls).as("where orders failed for %s", failures())
			.returns((long) this.customers.placed().size(), PoolSnapshot.Calls::succeeded)
			.returns(failures(IOException.class::isInstance), PoolSnapshot.Calls::failed)
			// The JDK's client for Java 17 may trip over a null of its own when a
			// connection breaks: nobody knows whose fault that is
			.returns(failures((cause) -> !(cause instanceof IOException)), PoolSnapshot.Calls::unknown)
			.returns(0L, PoolSnapshot.Calls::rejected)
			.returns(0L, PoolSnapshot.Calls::timedOut);
		assertThat(calls.unsent()).as("refused for the stream limit").isPositive();
	}

	/** Return how many orders have failed for such a reason. */
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
