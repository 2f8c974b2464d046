package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.servicepool.Lease;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Further attempts that do not wait for a permit, and the budget of all further attempts.
 */
class FurtherAttemptTests {

	private static final IOException LATE = new IOException("no response");

	private final PoolFixture fixture = fixture(2, 10);

	private static PoolFixture fixture(int maxConcurrency, int retriesPerSecond) {
		return PoolFixture
			.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
				.minServices(2)
				.maxServices(2)
				.maxConcurrency(maxConcurrency)
				.loadMetric(LoadMetric.constant())
				.idleTimeout(Duration.ZERO)
				.retryBudgetRatio(0)
				.retryBudgetPerSecond(retriesPerSecond))
			.started();
	}

	@Test
	void otherTargetIsPreferred() {
		for (int i = 0; i < 20; i++) {
			Lease<String, String> lease = this.fixture.lease();
			Lease<String, String> other = tryOther(lease);
			assertThat(other).isNotNull();
			assertThat(other.target()).isNotEqualTo(lease.target());
			lease.fail(LATE);
			other.succeed();
		}
	}

	@Test
	void sameServiceIsUsedIfNoOtherIsFree() {
		Lease<String, String> lease = leaseOf("a");
		List<Lease<String, String>> others = List.of(leaseOf("b"), leaseOf("b"));
		Lease<String, String> other = tryOther(lease);
		assertThat(other).isNotNull();
		assertThat(other.service()).isSameAs(lease.service());
		others.forEach(Lease::close);
	}

	@Test
	void targetThatIsNotAllowedIsNotUsed() {
		Lease<String, String> lease = leaseOf("a");
		leaseOf("b");
		leaseOf("b");
		assertThat(lease.tryOther((target) -> target.name().equals("b"), (target) -> true)).isNull();
	}

	@Test
	void keptTargetIsUsed() {
		Lease<String, String> lease = leaseOf("a");
		lease.keepTarget();
		Lease<String, String> other = tryOther(lease);
		assertThat(other).isNotNull();
		assertThat(other.target()).isEqualTo(lease.target());
	}

	@Test
	void nothingWaitsAndBudgetIsKeptIfNoPermitIsFree() {
		List<Lease<String, String>> leases = this.fixture.leases(4);
		assertThat(tryOther(leases.get(0))).isNull();
		assertThat(retries()).isEqualTo(new PoolSnapshot.Retries(0, 0, 0, 0, 100, false));
		assertThat(this.fixture.snapshot().load().waiting()).isZero();
		assertThat(leases.get(0).fail(LATE)).as("the lease is still active").isTrue();
		assertThat(this.fixture.snapshot().totals().calls().failed()).isOne();
	}

	@Test
	void furtherAttemptDoesNotOvertakeWaitingCallers() {
		List<Lease<String, String>> leases = this.fixture.leases(4);
		Waiter<String, String> waiter = this.fixture.ask();
		leases.get(1).succeed();
		assertThat(waiter.isSettled()).isTrue();
		assertThat(tryOther(leases.get(0))).isNull();
	}

	@Test
	void closedPoolHasNoOtherLease() throws InterruptedException {
		Lease<String, String> lease = this.fixture.lease();
		PoolFixture closing = this.fixture;
		Thread closer = new Thread(closing.pool::close);
		closer.start();
		Await.until(() -> closing.pool.snapshot().size().draining() == 1);
		assertThat(tryOther(lease)).isNull();
		lease.close();
		closing.settle();
		closer.join();
	}

	@Test
	void callHasOneOutcome() {
		Lease<String, String> failed = this.fixture.lease();
		Lease<String, String> other = tryOther(failed);
		failed.fail(LATE);
		other.succeed();
		Lease<String, String> responded = this.fixture.lease();
		Lease<String, String> another = tryOther(responded);
		responded.recordErrorResponse();
		responded.succeed();
		another.fail(LATE);
		assertThat(this.fixture.snapshot().totals().calls()).isEqualTo(new PoolSnapshot.Calls(1, 1, 0, 0, 2, 0, 0));
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
	}

	@Test
	void furtherAttemptIsNoSample() {
		Lease<String, String> lease = this.fixture.lease();
		double load = this.fixture.load();
		tryOther(lease).succeed();
		assertThat(this.fixture.load()).isEqualTo(load);
		lease.fail(LATE);
	}

	@Test
	void endedLeaseHasNoOtherLease() {
		Lease<String, String> lease = this.fixture.lease();
		lease.succeed();
		assertThatIllegalStateException().isThrownBy(() -> tryOther(lease));
	}

	@Test
	void eachChangeOfTheBudgetIsOneEvent() {
		PoolFixture fixture = fixture(100, 1);
		List<Lease<String, String>> leases = fixture.leases(15);
		assertThat(leases.stream().filter((lease) -> tryOther(lease) != null)).hasSize(10);
		PoolSnapshot.Retries exhausted = fixture.snapshot().totals().retries();
		assertThat(exhausted).isEqualTo(new PoolSnapshot.Retries(10, 0, 0, 5, 0, true));
		fixture.pass(Duration.ofSeconds(9));
		assertThat(tryOther(leases.get(0))).isNull();
		fixture.pass(Duration.ofSeconds(9));
		assertThat(budgetEvents(fixture)).extracting(PoolEvent::type).containsExactly(Type.RETRIES_EXHAUSTED);
		fixture.pass(Duration.ofSeconds(1));
		assertThat(budgetEvents(fixture)).extracting(PoolEvent::message)
			.containsExactly(
					"budget of further attempts is used up after 10 of them; requests that a server may have processed are not sent again",
					"no further attempt was denied for 10s, after 6 denied ones");
		assertThat(fixture.snapshot().totals().retries()).isEqualTo(new PoolSnapshot.Retries(10, 0, 0, 6, 10, false));
		assertThat(fixture.snapshot().events().lastDecision()).isNotNull()
			.extracting(PoolEvent::type)
			.isEqualTo(Type.JOINED);
	}

	private static List<PoolEvent> budgetEvents(PoolFixture fixture) {
		return fixture.events.stream()
			.filter((event) -> event.type() == Type.RETRIES_EXHAUSTED || event.type() == Type.RETRIES_AVAILABLE)
			.toList();
	}

	private PoolSnapshot.Retries retries() {
		return this.fixture.snapshot().totals().retries();
	}

	private static @Nullable Lease<String, String> tryOther(Lease<String, String> lease) {
		return lease.tryOther((target) -> true, (target) -> !target.equals(lease.target()));
	}

	private Lease<String, String> leaseOf(String target) {
		Lease<String, String> lease = this.fixture.pool.tryAcquire((each) -> each.name().equals(target));
		assertThat(lease).isNotNull();
		return lease;
	}

}
