package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.servicepool.Lease;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Second attempts of requests whose first attempt is in progress.
 */
class HedgeTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final PoolFixture fixture = fixture((pool) -> pool.targets(Target.of("a"), Target.of("b"), Target.of("c")));

	private static PoolFixture fixture(UnaryOperator<PoolBuilder> options) {
		return PoolFixture.of((pool) -> options.apply(pool.minServices(3)
			.maxServices(3)
			.maxConcurrency(2)
			.loadMetric(LoadMetric.peakEwma())
			.idleTimeout(Duration.ZERO)
			.retryBudgetRatio(0)
			.retryBudgetPerSecond(10))).started();
	}

	@Test
	void serviceThatHasRespondedSinceIsPreferred() {
		for (String responsive : List.of("b", "c")) {
			Lease<String, String> first = leaseOf(this.fixture, "a");
			this.fixture.pass(SECOND);
			leaseOf(this.fixture, responsive).succeed();
			for (int i = 0; i < 10; i++) {
				Lease<String, String> hedge = first.tryHedge();
				assertThat(hedge).isNotNull();
				assertThat(hedge.target().name()).isEqualTo(responsive);
				hedge.returnUnsent();
			}
			first.succeed();
			this.fixture.pass(SECOND);
		}
	}

	@Test
	void otherTargetIsPreferredIfNoServiceHasResponded() {
		PoolFixture fixture = fixture((pool) -> pool.targets(Target.of("a"), Target.of("b")));
		for (int i = 0; i < 20; i++) {
			Lease<String, String> first = fixture.lease();
			Lease<String, String> hedge = first.tryHedge();
			assertThat(hedge).isNotNull();
			assertThat(hedge.target()).isNotEqualTo(first.target());
			hedge.returnUnsent();
			first.returnUnsent();
		}
	}

	@Test
	void sameServiceIsNotUsed() {
		Lease<String, String> first = leaseOf(this.fixture, "a");
		List<Lease<String, String>> others = leasesOf(this.fixture, "b", "b", "c", "c");
		assertThat(first.tryHedge()).isNull();
		assertThat(retries(this.fixture)).isEqualTo(new PoolSnapshot.Retries(0, 0, 0, 0, 100, false));
		others.forEach(Lease::close);
	}

	@Test
	void otherServiceOfKeptTargetIsUsed() {
		PoolFixture fixture = fixture((pool) -> pool.targets(Target.of("a")));
		Lease<String, String> first = fixture.lease();
		first.keepTarget();
		Lease<String, String> hedge = first.tryHedge();
		assertThat(hedge).isNotNull();
		assertThat(hedge.service()).isNotSameAs(first.service());
	}

	@Test
	void otherTargetIsNotUsedIfTargetIsKept() {
		Lease<String, String> first = this.fixture.lease();
		first.keepTarget();
		assertThat(first.tryHedge()).isNull();
	}

	@Test
	void budgetLimitsHedges() {
		PoolFixture fixture = fixture(
				(pool) -> pool.targets(Target.of("a"), Target.of("b"), Target.of("c")).retryBudgetPerSecond(0));
		Lease<String, String> first = fixture.lease();
		assertThat(first.tryHedge()).isNull();
		assertThat(retries(fixture)).isEqualTo(new PoolSnapshot.Retries(0, 0, 0, 1, 0, true));
		assertThat(fixture.count(Type.RETRIES_EXHAUSTED)).isOne();
	}

	@Test
	void endedLeaseHasNoHedge() {
		Lease<String, String> first = this.fixture.lease();
		first.succeed();
		assertThat(first.tryHedge()).isNull();
	}

	@Test
	void callHasTheOutcomeOfTheWinner() {
		Lease<String, String> slow = this.fixture.lease();
		Lease<String, String> hedge = slow.tryHedge();
		hedge.recordResponse();
		slow.markRepeated();
		slow.close();
		hedge.succeed();
		assertThat(this.fixture.snapshot().totals().calls()).isEqualTo(new PoolSnapshot.Calls(1, 0, 0, 0, 1, 0, 0));
		assertThat(retries(this.fixture)).returns(1L, PoolSnapshot.Retries::hedges)
			.returns(1L, PoolSnapshot.Retries::hedgesWon)
			.returns(1L, PoolSnapshot.Retries::attempts);
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
	}

	@Test
	void lateResponseDoesNotWin() {
		Lease<String, String> first = this.fixture.lease();
		Lease<String, String> hedge = first.tryHedge();
		first.recordResponse();
		hedge.markRepeated();
		hedge.recordResponse();
		hedge.succeed();
		first.succeed();
		assertThat(this.fixture.snapshot().totals().calls()).isEqualTo(new PoolSnapshot.Calls(1, 0, 0, 0, 1, 0, 0));
		assertThat(retries(this.fixture)).returns(1L, PoolSnapshot.Retries::hedges)
			.returns(0L, PoolSnapshot.Retries::hedgesWon);
	}

	@Test
	void eachPermitIsReleasedIfBothFail() {
		Lease<String, String> first = this.fixture.lease();
		Lease<String, String> hedge = first.tryHedge();
		hedge.markRepeated();
		hedge.fail(new IOException("second"));
		first.fail(new IOException("first"));
		assertThat(this.fixture.snapshot().totals().calls()).isEqualTo(new PoolSnapshot.Calls(0, 1, 0, 0, 1, 0, 0));
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
	}

	/** Otherwise, a service that never responds would receive as many calls as others. */
	@Test
	void serviceThatWasOvertakenHasHigherLoadScore() {
		for (String target : List.of("a", "b", "c")) {
			leaseOf(this.fixture, target).succeed();
		}
		Lease<String, String> slow = leaseOf(this.fixture, "a");
		this.fixture.pass(SECOND);
		Lease<String, String> hedge = slow.tryHedge();
		hedge.recordResponse();
		slow.markRepeated();
		slow.close();
		hedge.succeed();
		for (int i = 0; i < 20; i++) {
			Lease<String, String> next = this.fixture.lease();
			assertThat(next.target().name()).isNotEqualTo("a");
			next.succeed();
		}
	}

	@Test
	void failureOfRepeatedLeaseIsNoFailedCall() {
		Lease<String, String> first = this.fixture.lease();
		Lease<String, String> hedge = first.tryHedge();
		hedge.markRepeated();
		hedge.fail(new IOException("lost"));
		first.succeed();
		assertThat(this.fixture.snapshot().totals().calls()).isEqualTo(new PoolSnapshot.Calls(1, 0, 0, 0, 1, 0, 0));
		assertThat(retries(this.fixture)).returns(1L, PoolSnapshot.Retries::hedges)
			.returns(0L, PoolSnapshot.Retries::hedgesWon);
	}

	private static PoolSnapshot.Retries retries(PoolFixture fixture) {
		return fixture.snapshot().totals().retries();
	}

	private static List<Lease<String, String>> leasesOf(PoolFixture fixture, String... targets) {
		List<Lease<String, String>> leases = new ArrayList<>();
		for (String target : targets) {
			leases.add(leaseOf(fixture, target));
		}
		return leases;
	}

	private static Lease<String, String> leaseOf(PoolFixture fixture, String target) {
		Lease<String, String> lease = fixture.pool.tryAcquire((each) -> each.name().equals(target));
		assertThat(lease).isNotNull();
		return lease;
	}

}
