package dev.servicepool.spring;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Pool;
import dev.servicepool.PoolException;
import dev.servicepool.PoolOverloadedException;
import dev.servicepool.PoolSnapshot;

import org.springframework.context.ApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Sends orders to the targets of {@link Chaos} and checks their outcomes.
 */
public final class OrdersThroughChaos {

	private static final int CALLERS = 24;

	private static final int MAX_SIZE = 20_000;

	/** The sum of the timeouts of {@link Chaos#properties()}, with a reserve. */
	private static final Duration LONGEST = Duration.ofSeconds(15);

	private final Chaos chaos;

	private final Pool<?, ?> pool;

	private final RestClient client;

	private final String description;

	/** Each ID is used once, because an order can arrive after its caller timed out. */
	private final AtomicInteger ids = new AtomicInteger();

	/**
	 * Create an instance for the client of an application.
	 * @param chaos the targets
	 * @param context the context of the application
	 * @param description the description of each assertion, so that a failure can be
	 * reproduced
	 */
	public OrdersThroughChaos(Chaos chaos, ApplicationContext context, String description) {
		this.chaos = chaos;
		this.pool = context.getBean(Pool.class);
		this.client = context.getBean(RestClient.Builder.class).baseUrl("http://orders.test").build();
		this.description = description;
	}

	/**
	 * Send orders for some time.
	 * @param time the duration
	 * @return the number of orders
	 */
	public int place(Duration time) throws Exception {
		Customers customers = new Customers(this.chaos.orders(), MAX_SIZE);
		PoolSnapshot.Calls before = this.pool.snapshot().totals().calls();
		this.chaos.orders().forget();
		this.chaos.startFailures();
		long end = System.nanoTime() + time.toNanos();
		customers.place(this.client, CALLERS, this.ids, (id) -> System.nanoTime() - end < 0);
		PoolSnapshot snapshot = this.pool.snapshot();
		this.chaos.stopFailures();
		assertEachOrderHasOneOutcome(customers);
		assertNoActiveLease(snapshot);
		assertCountersAreConsistent(snapshot, before, customers);
		return customers.total();
	}

	private void assertEachOrderHasOneOutcome(Customers customers) {
		assertThat(this.chaos.orders().twice()).as(this.description).isEmpty();
		assertThat(customers.placed()).as(this.description).allMatch(this.chaos.orders().seen()::contains);
		assertThat(customers.placed()).as(this.description).isNotEmpty();
		assertThat(customers.failed()).as(this.description).isNotEmpty();
		assertThat(Duration.ofNanos(customers.longestNanos())).as(this.description).isLessThan(LONGEST);
	}

	private void assertNoActiveLease(PoolSnapshot snapshot) {
		assertThat(snapshot.load().inFlight()).as(this.description).isZero();
		assertThat(snapshot.load().waiting()).as(this.description).isZero();
		assertThat(snapshot.services()).as(this.description).allMatch((service) -> service.load().inFlight() == 0);
	}

	private void assertCountersAreConsistent(PoolSnapshot snapshot, PoolSnapshot.Calls before, Customers customers) {
		PoolSnapshot.Calls calls = snapshot.totals().calls();
		int responses = customers.placed().size() + customers.otherResponses().size();
		assertThat(calls.succeeded() - before.succeeded()).as(this.description)
			.isBetween((long) responses, (long) customers.total());
		assertThat(calls.succeeded() + calls.failed() - before.succeeded() - before.failed()).as(this.description)
			.isGreaterThanOrEqualTo(
					customers.total() - customers.failed(PoolException.class) - customers.failedByClient());
		assertThat(calls.unknown() - before.unknown()).as(this.description).isEqualTo(customers.failedByClient());
		assertThat(calls.timedOut() - before.timedOut()).as(this.description)
			.isEqualTo(customers.failed(AcquireTimeoutException.class));
		assertThat(calls.rejected() - before.rejected()).as(this.description)
			.isEqualTo(customers.failed(PoolOverloadedException.class));
		PoolSnapshot.Creations creations = snapshot.totals().creations();
		assertThat(creations.attempts()).as(this.description)
			.isEqualTo(creations.created() + creations.failed() + creations.inProgress() + creations.discardedLate());
		assertThat(creations.created()).as(this.description)
			.isEqualTo(snapshot.size().live() + snapshot.size().retired() + creations.drained() + creations.evicted());
	}

	/** Wait until all orders of a round succeed. */
	public void assertRecovered() {
		await(this.description).atMost(Duration.ofSeconds(30)).until(this::allOrdersSucceed);
		assertNoActiveLease(this.pool.snapshot());
	}

	private boolean allOrdersSucceed() throws Exception {
		Customers customers = new Customers(this.chaos.orders(), MAX_SIZE);
		this.chaos.orders().forget();
		int end = this.ids.get() + 10 * CALLERS;
		customers.place(this.client, CALLERS, this.ids, (id) -> id < end);
		return customers.failed().isEmpty();
	}

}
