package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.Lease;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.LoadLevel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * When the pool scales up, when it scales down, and when it vetoes both.
 */
class PoolSizingTests {

	@Test
	void createsNoServiceBeforeStartOrFirstRequest() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool).settle();
		assertThat(fixture.services.targets).isEmpty();
		assertThat(fixture.executor.size()).isZero();
	}

	@Test
	void createsMinServicesOneAtATimeWhenStarted() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.minServices(3));
		fixture.pool.start();
		for (int created = 0; created < 3; created++) {
			assertThat(fixture.total()).isEqualTo(created);
			assertThat(fixture.snapshot().size().creating()).isOne();
			assertThat(fixture.executor.size()).as("creations run one at a time").isOne();
			fixture.executor.runNext();
		}
		assertThat(fixture.total()).isEqualTo(3);
		assertThat(fixture.executor.size()).isZero();
	}

	@Test
	void createsMinServicesOnFirstRequestWhenNotStarted() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.minServices(2));
		fixture.miss().settle();
		assertThat(fixture.total()).isEqualTo(2);
	}

	@Test
	void scalesUpOnFourthConsecutivePendingSample() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1)).started();
		fixture.lease();
		double afterOneReady = 0.1 * 0.97;
		assertThat(fixture.load()).isCloseTo(afterOneReady, within(1e-12));
		fixture.miss(3);
		assertThat(fixture.snapshot().size().creating()).isZero();
		fixture.miss(1);
		assertThat(fixture.snapshot().size().creating()).isOne();
		assertThat(fixture.load()).as("clamped estimate").isEqualTo(0.2);
		assertThat(fixture.snapshot().load().level()).isEqualTo(LoadLevel.HIGH);
		fixture.settle();
		assertThat(fixture.snapshot().load().level()).as("level after the creation").isEqualTo(LoadLevel.NORMAL);
		assertThat(fixture.events.get(fixture.events.size() - 2)).satisfies((event) -> {
			assertThat(event.type()).isEqualTo(Type.CREATED);
			assertThat(event.message()).isEqualTo("load estimate 0.201 above 0.2");
			assertThat(event.poolSize()).isEqualTo(2);
		});
	}

	@Test
	void ignoresPendingSamplesDuringCreation() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1)).started();
		Lease<String, String> lease = fixture.lease();
		fixture.miss(4);
		assertThat(fixture.snapshot().size().creating()).isOne();
		lease.succeed();
		fixture.lease();
		assertThat(fixture.load()).as("estimate after a ready sample").isCloseTo(0.2 * 0.97, within(1e-12));
		fixture.miss(100);
		assertThat(fixture.load()).as("estimate after pending samples").isCloseTo(0.2 * 0.97, within(1e-12));
	}

	@Test
	void vetoesRemovalDuringCreationAndResetsEstimate() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.urgency(0.5).underutilizedBelow(0.01).loadedAbove(0.5).minServices(1).maxConcurrency(2))
			.started();
		fixture.scaleUp(2);
		List<Lease<String, String>> leases = fixture.leases(4);
		fixture.miss(4);
		assertThat(fixture.snapshot().size().creating()).isOne();
		leases.forEach(Lease::succeed);
		fixture.hit(6);
		assertThat(fixture.total()).isEqualTo(2);
		assertThat(fixture.load()).as("estimate is reset, because 0.5 halved six times is below 0.01").isEqualTo(0.1);
		assertThat(fixture.events.get(fixture.events.size() - 1).type()).isEqualTo(Type.VETOED);
		assertThat(fixture.events.get(fixture.events.size() - 1).message())
			.isEqualTo("removal vetoed: a service is being created");
		fixture.settle();
		assertThat(fixture.total()).as("services after the creation").isEqualTo(3);
	}

	@Test
	void staysAtMaxServicesAndReportsVetoOnce() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).maxServices(1)).started();
		fixture.lease();
		fixture.miss(1000).settle();
		assertThat(fixture.total()).isOne();
		assertThat(fixture.load()).isEqualTo(0.2);
		assertThat(fixture.snapshot().load().level()).isEqualTo(LoadLevel.HIGH);
		assertThat(fixture.count(Type.VETOED)).isOne();
		assertThat(fixture.snapshot().events().lastDecision().message())
			.isEqualTo("creation vetoed: 1 of at most 1 service, 0 of them retired");
	}

	@Test
	void removesNewestServiceWhenLoadIsLowAndResetsEstimate() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).headroomWindow(Duration.ZERO)).started();
		fixture.scaleUp(2);
		// Scaling up sets the estimate to 0.2. After 326 ready samples it is below
		// 0.00001.
		fixture.hit(325);
		fixture.snapshot();
		assertThat(fixture.total()).isEqualTo(2);
		fixture.hit(1);
		assertThat(fixture.total()).isOne();
		assertThat(fixture.load()).isEqualTo(0.1);
		assertThat(fixture.snapshot().load().level()).isEqualTo(LoadLevel.NORMAL);
		fixture.settle();
		assertThat(fixture.services.get(1).closes).as("closes of the newest service").isOne();
		assertThat(fixture.services.get(0).closes).isZero();
		PoolEvent retired = fixture.events.get(fixture.events.size() - 2);
		assertThat(retired.type()).isEqualTo(Type.RETIRED);
		assertThat(retired.message()).isEqualTo("load estimate 0.00000974 below 0.00001");
	}

	@Test
	void neverScalesDownBelowMinServices() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.minServices(2).maxConcurrency(1)).started();
		fixture.hit(10_000).settle();
		assertThat(fixture.total()).isEqualTo(2);
		assertThat(fixture.snapshot().load().level()).isEqualTo(LoadLevel.LOW);
		assertThat(fixture.count(Type.RETIRED)).isZero();
	}

	@Test
	void removedServiceOccupiesSlotUntilClosed() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.urgency(1).maxConcurrency(1).maxServices(2).headroomWindow(Duration.ZERO))
			.started();
		Lease<String, String> first = fixture.lease();
		fixture.miss().settle();
		Lease<String, String> second = fixture.lease();
		assertThat(fixture.snapshot().size()).satisfies((services) -> {
			assertThat(services.live()).isOne();
			assertThat(services.draining()).isOne();
		});
		fixture.miss(10).settle();
		assertThat(fixture.services.targets).as("creations while no slot is free").hasSize(2);
		second.succeed();
		fixture.miss();
		assertThat(fixture.services.targets).as("creations before the service is closed").hasSize(2);
		fixture.settle();
		assertThat(fixture.services.get(1).closes).isOne();
		fixture.miss().settle();
		assertThat(fixture.services.targets).as("creations after the slot is free").hasSize(3);
		first.succeed();
	}

	@Test
	void scalesUpForBurstOfWaitingCallers() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(20).maxWaiting(500)).started();
		List<Waiter<String, String>> callers = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			callers.add(fixture.ask());
		}
		fixture.settle();
		assertThat(fixture.total()).as("after each creation the remaining callers count as pending samples again")
			.isEqualTo(25);
		assertThat(callers).allMatch(Waiter::isSettled);
		assertThat(fixture.services.created).hasSize(25);
	}

	@Test
	void waitingCallersAreServedBeforeSampledAfterCreation() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.urgency(1).maxConcurrency(1).underutilizedBelow(0));
		Waiter<String, String> only = fixture.ask();
		fixture.settle();
		assertThat(only.isSettled()).isTrue();
		assertThat(fixture.total()).as("no caller is left to count as a pending sample").isOne();
		assertThat(fixture.load()).isZero();
	}

	@Test
	void waitingCallerIsPendingSampleThenReadySampleWhenServed() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1)).started();
		Lease<String, String> lease = fixture.lease();
		Waiter<String, String> waiter = fixture.ask();
		double arrived = 0.03 + 0.97 * (0.1 * 0.97);
		assertThat(fixture.load()).isCloseTo(arrived, within(1e-12));
		lease.succeed();
		assertThat(waiter.isSettled()).isTrue();
		assertThat(fixture.load()).isCloseTo(arrived * 0.97, within(1e-12));
	}

	@Test
	void createsForTargetWithFewestServicesAndKeepsOnePerTarget() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.urgency(1)
				.underutilizedBelow(0.5)
				.initial(0.5)
				.loadedAbove(0.9)
				.targets(Target.of("a"), Target.of("b"), Target.of("c"))
				.minServices(3)
				.maxConcurrency(1)
				.headroomWindow(Duration.ZERO))
			.started();
		assertThat(fixture.services.targets).extracting(Target::name).containsExactly("a", "b", "c");
		List<Lease<String, String>> leases = fixture.leases(3);
		fixture.miss().settle();
		assertThat(fixture.services.targets).extracting(Target::name).containsExactly("a", "b", "c", "a");
		leases.forEach(Lease::succeed);
		fixture.hit(2);
		fixture.settle();
		assertThat(fixture.snapshot().services()).extracting(PoolSnapshot.ServiceSnapshot::target)
			.containsExactly("a", "b", "c");
		assertThat(fixture.services.get(3).closes).isOne();
	}

	@Test
	void readySamplesCountedSeparatelyYieldSameEstimate() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1)).started();
		fixture.hit(100);
		assertThat(fixture.load()).isCloseTo(0.1 * Math.pow(0.97, 100), within(1e-12));
		fixture.lease();
		fixture.miss();
		assertThat(fixture.load()).isCloseTo(0.03 + 0.97 * 0.1 * Math.pow(0.97, 101), within(1e-12));
	}

}
