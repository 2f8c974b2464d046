package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Requests that an overloaded service refuses: how the pool lowers the concurrency limit
 * of the service, and how it serves the callers of these requests.
 */
class RefusedRequestTests {

	private static final Duration PROBE = Duration.ofSeconds(10);

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.maxConcurrency(20).maxServices(2).maxWaiting(1).idleTimeout(Duration.ZERO))
		.started();

	@Test
	void limitIsLoweredToRequestsInFlight() throws InterruptedException {
		List<Lease<String, String>> leases = this.fixture.leases(5);
		this.fixture.scaleUp(2);
		Lease<String, String> other = leases.get(4).awaitLeaseAfterRefusal();
		assertThat(other).isNotSameAs(leases.get(4));
		assertThat(limit(0)).isEqualTo(4);
		assertThat(limit(1)).isEqualTo(20);
		PoolEvent event = this.fixture.events.get(this.fixture.events.size() - 1);
		assertThat(event.type()).isEqualTo(Type.LIMITED);
		assertThat(event.message()).isEqualTo("request refused with 4 in flight; concurrency limit lowered to 4");
	}

	@Test
	void concurrentRefusedRequestsRevealActualLimit() {
		List<Lease<String, String>> leases = this.fixture.leases(20);
		for (int refused = 19; refused >= 10; refused--) {
			refuse(leases.remove(refused));
		}
		assertThat(limit(0)).isEqualTo(10);
		assertThat(this.fixture.snapshot().load().inFlight()).isEqualTo(10);
	}

	@Test
	void refusedRequestBelowLimitLowersLimitFurther() {
		List<Lease<String, String>> leases = this.fixture.leases(10);
		refuse(leases.remove(9));
		assertThat(limit(0)).isEqualTo(9);
		leases.subList(3, 9).forEach(Lease::succeed);
		refuse(leases.get(2));
		assertThat(limit(0)).isEqualTo(2);
	}

	@Test
	void limitIsNeverLoweredBelowOne() {
		List<Lease<String, String>> leases = this.fixture.leases(2);
		refuse(leases.get(1));
		assertThat(limit(0)).isOne();
		refuse(leases.get(0));
		assertThat(limit(0)).isOne();
	}

	@Test
	void limitIsNotLoweredWhenNothingElseIsInFlight() {
		refuse(this.fixture.lease());
		assertThat(limit(0)).isEqualTo(20);
		assertThat(this.fixture.decisions()).doesNotContain(Type.LIMITED);
	}

	@Test
	void refusedRequestIsUnsentAndNoSample() {
		List<Lease<String, String>> leases = this.fixture.leases(20);
		double load = this.fixture.load();
		refuse(leases.get(19));
		Waiter<String, String> again = askAgain();
		assertThat(again.isSettled()).isFalse();
		assertThat(this.fixture.load()).isEqualTo(load);
		refuse(leases.get(18));
		refuse(leases.get(17));
		leases.subList(0, 17).forEach(Lease::succeed);
		assertThat(again.isSettled()).isTrue();
		PoolSnapshot.Calls calls = this.fixture.snapshot().totals().calls();
		assertThat(calls.unsent()).isEqualTo(3);
		assertThat(calls.failed()).isZero();
		assertThat(this.fixture.load()).isEqualTo(load);
	}

	@Test
	void refusedRequestOfPolledServiceIsNoSample() {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().polled(), (pool) -> pool.maxConcurrency(2).maxServices(1))
			.started();
		List<Lease<String, String>> leases = fixture.leases(2);
		double load = fixture.load();
		refuse(leases.get(1));
		Waiter<String, String> again = fixture.acquirer().acquireAgain(fixture.time.nanos(), null, List.of());
		leases.get(0).succeed();
		fixture.settle();
		assertThat(again.isSettled()).isTrue();
		assertThat(fixture.load()).isEqualTo(load);
	}

	@Test
	void callerOfRefusedRequestIsFirstInFullWaitQueue() {
		List<Lease<String, String>> leases = this.fixture.leases(20);
		Waiter<String, String> early = this.fixture.ask();
		refuse(leases.get(19));
		Waiter<String, String> again = askAgain();
		assertThat(again.isSettled()).isFalse();
		leases.get(0).succeed();
		assertThat(again.isSettled()).isTrue();
		assertThat(early.isSettled()).isFalse();
		leases.get(1).succeed();
		assertThat(early.isSettled()).isTrue();
	}

	@Test
	void callerOfRefusedRequestKeepsItsAcquireTimeout() {
		List<Lease<String, String>> leases = this.fixture.leases(20);
		this.fixture.time.advance(Duration.ofSeconds(30));
		assertThatExceptionOfType(AcquireTimeoutException.class)
			.isThrownBy(() -> leases.get(19).awaitLeaseAfterRefusal());
		assertThat(this.fixture.snapshot().load().waiting()).isZero();
		assertThat(this.fixture.snapshot().load().inFlight()).isEqualTo(19);
	}

	@Test
	void endedLeaseCannotBeRefused() {
		Lease<String, String> lease = this.fixture.lease();
		lease.succeed();
		assertThatIllegalStateException().isThrownBy(lease::awaitLeaseAfterRefusal);
		assertThat(this.fixture.snapshot().totals().calls().unsent()).isZero();
	}

	@Test
	void limitIsRaisedByOneAfterInterval() {
		List<Lease<String, String>> leases = new ArrayList<>(this.fixture.leases(20));
		for (int refused = 19; refused >= 10; refused--) {
			refuse(leases.remove(refused));
		}
		Waiter<String, String> first = this.fixture.ask();
		leases.get(0).succeed();
		assertThat(first.isSettled()).isTrue();
		assertThat(limit(0)).as("limit before the interval has elapsed").isEqualTo(10);
		this.fixture.time.advance(PROBE);
		Waiter<String, String> second = this.fixture.ask();
		leases.get(1).succeed();
		assertThat(second.isSettled()).isTrue();
		assertThat(limit(0)).isEqualTo(11);
		leases.get(2).succeed();
		assertThat(limit(0)).as("limit is raised by one per interval").isEqualTo(11);
	}

	@Test
	void limitIsNotRaisedWhenServiceIsBelowIt() {
		refuse(this.fixture.leases(6).get(5));
		this.fixture.time.advance(PROBE.multipliedBy(10));
		this.fixture.snapshot();
		assertThat(limit(0)).isEqualTo(5);
	}

	@Test
	void learnedLimitsDecideWhetherServiceIsRemoved() {
		this.fixture.scaleUp(2);
		List<Lease<String, String>> leases = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			leases.add(this.fixture.lease());
		}
		leases.removeIf((lease) -> {
			boolean first = lease.service() == this.fixture.services.get(0);
			if (first && limit(0) > 5) {
				refuse(lease);
			}
			return first && limit(0) > 5;
		});
		leases.forEach(Lease::succeed);
		this.fixture.snapshot();
		this.fixture.after(Duration.ofMinutes(2));
		List<Lease<String, String>> seven = this.fixture.leases(7);
		this.fixture.hit(1000).settle();
		assertThat(this.fixture.total()).as("services, because one service accepts only five of seven requests")
			.isEqualTo(2);
		seven.forEach(Lease::succeed);
		this.fixture.snapshot();
		this.fixture.after(Duration.ofMinutes(2)).hit(1000).settle();
		assertThat(this.fixture.total()).isOne();
	}

	private int limit(int index) {
		return this.fixture.snapshot().services().get(index).load().limit().orElseThrow();
	}

	private static void refuse(Lease<String, String> lease) {
		((PoolLease<String, String>) lease).endRefused();
	}

	private Waiter<String, String> askAgain() {
		return this.fixture.acquirer().acquireAgain(this.fixture.time.nanos(), null, List.of());
	}

}
