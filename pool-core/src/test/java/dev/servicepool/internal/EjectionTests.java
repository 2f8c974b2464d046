package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the ejection, probing, and readmission of services that fail.
 */
class EjectionTests {

	private PoolFixture fixture = fixture((pool) -> pool);

	@Test
	void fiveConsecutiveFailuresEjectService() {
		fail("a", 4);
		assertThat(state("a")).isEqualTo(State.READY);
		fail("a", 1);
		assertThat(state("a")).isEqualTo(State.EJECTED);
		assertThat(targetsOf(100)).doesNotContain("a");
	}

	@Test
	void snapshotShowsReasonAndRemainingTime() {
		fail("a", 5);
		this.fixture.after(Duration.ofSeconds(1));
		PoolSnapshot snapshot = this.fixture.snapshot();
		assertThat(snapshot.totals().ejections()).isOne();
		assertThat(snapshot.size()).isEqualTo(new PoolSnapshot.Size(3, 0, 0, 0, 1, 0, 0, 0));
		PoolSnapshot.ServiceSnapshot service = service("a");
		assertThat(service.totals().ejections()).isOne();
		assertThat(service.suspension()).isEqualTo(new PoolSnapshot.Suspension(Duration.ofSeconds(9),
				"5 consecutive failures, last: java.io.IOException: down"));
		assertThat(service("b").suspension()).isNull();
	}

	@Test
	void eventShowsReasonAndDuration() {
		fail("a", 5);
		PoolEvent event = this.fixture.events.get(this.fixture.events.size() - 1);
		assertThat(event.type()).isEqualTo(Type.EJECTED);
		assertThat(event.service()).isEqualTo(service("a").id());
		assertThat(event.message())
			.isEqualTo("5 consecutive failures, last: java.io.IOException: down; ejected for 10s");
	}

	@Test
	void timeoutMessageShowsLastEjection() {
		fail("a", 5);
		this.fixture.leases(30);
		Waiter<String, String> waiter = this.fixture.ask();
		this.fixture.acquirer().giveUp(waiter);
		assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> this.fixture.lease(waiter))
			.withMessage(
					"Pool 'test': no service became available within 0s (4 services: 0 ready, 3 busy or pending, 1 ejected; 0 waiting;"
							+ " last ejection: 5 consecutive failures, last: java.io.IOException: down)");
	}

	@Test
	void failuresAtAllTargetsEjectNone() {
		for (int round = 0; round < 20; round++) {
			for (String target : List.of("a", "b", "c", "d")) {
				this.fixture.pool.tryAcquire((each) -> each.name().equals(target)).fail(new IOException("down"));
			}
		}
		assertThat(this.fixture.snapshot().totals().ejections()).isZero();
	}

	@Test
	void withoutRequestsToOthersTenConsecutiveFailuresEjectService() {
		for (int failure = 0; failure < 10; failure++) {
			assertThat(state("a")).as("after %d failures", failure).isEqualTo(State.READY);
			this.fixture.pool.tryAcquire((each) -> each.name().equals("a")).fail(new IOException("down"));
		}
		assertThat(state("a")).isEqualTo(State.EJECTED);
	}

	@Test
	void onlyTargetIsComparedByService() {
		this.fixture = PoolFixture
			.of((pool) -> pool.minServices(2).maxServices(2).maxConcurrency(10).loadMetric(LoadMetric.constant()))
			.started();
		for (int call = 0; call < 100; call++) {
			this.fixture.lease().fail(new IOException("down"));
		}
		assertThat(this.fixture.snapshot().totals().ejections()).as("both services fail").isZero();
		for (int call = 0; call < 100; call++) {
			Lease<String, String> lease = this.fixture.lease();
			if (lease.service() == this.fixture.services.get(0)) {
				lease.fail(new IOException("down"));
			}
			else {
				lease.succeed();
			}
		}
		assertThat(this.fixture.snapshot().totals().ejections()).as("one service fails").isOne();
	}

	@Test
	void successResetsConsecutiveFailures() {
		fail("a", 4);
		succeed("a", 1);
		fail("a", 4);
		assertThat(state("a")).isEqualTo(State.READY);
		fail("a", 1);
		assertThat(state("a")).isEqualTo(State.EJECTED);
	}

	@Test
	void failureRateAboveThresholdEjectsService() {
		for (int i = 0; i < 9; i++) {
			fail("a", 1);
			succeed("a", 1);
		}
		fail("a", 1);
		assertThat(state("a")).as("10 of 19 requests failed").isEqualTo(State.READY);
		fail("a", 1);
		assertThat(state("a")).as("11 of 20 requests failed").isEqualTo(State.EJECTED);
		assertThat(service("a").suspension().reason()).startsWith("11 of 20 requests failed within 10s");
	}

	@Test
	void failuresOfDifferentIntervalsAreNotAdded() {
		for (int i = 0; i < 30; i++) {
			fail("a", 1);
			succeed("a", 1);
			this.fixture.after(Duration.ofSeconds(1));
		}
		assertThat(state("a")).isEqualTo(State.READY);
	}

	@Test
	void ignoredFailuresDoNotCount() {
		this.fixture = fixture((pool) -> pool.failureWhen((cause) -> cause instanceof IOException));
		for (int i = 0; i < 20; i++) {
			leaseOf("a").fail(new IllegalArgumentException("caller"));
		}
		assertThat(state("a")).isEqualTo(State.READY);
		assertThat(service("a").totals().failures()).isEqualTo(20);
		fail("a", 4);
		leaseOf("a").fail(new IllegalArgumentException("caller"));
		fail("a", 4);
		assertThat(state("a")).as("the ignored failure resets the count").isEqualTo(State.READY);
	}

	@Test
	void failureCountsWhenPredicateThrows() {
		try (LogRecords log = new LogRecords()) {
			this.fixture = fixture((pool) -> pool.failureWhen((cause) -> {
				throw new IllegalStateException("predicate");
			}));
			fail("a", 5);
			assertThat(state("a")).isEqualTo(State.EJECTED);
			assertThat(log.messages()).containsExactly(
					"WARNING Pool 'test': failureWhen, brokenWhen, or the FailureClassifier threw an exception; the"
							+ " failed call counts as a service failure. Further exceptions are not logged.");
		}
	}

	@Test
	void atMostHalfOfServicesAreEjected() {
		fail("a", 5);
		fail("b", 5);
		fail("c", 20);
		fail("d", 20);
		assertThat(this.fixture.snapshot().size().ejected()).isEqualTo(2);
		assertThat(state("c")).isEqualTo(State.READY);
	}

	@Test
	void onlyServiceIsNeverEjected() {
		this.fixture = PoolFixture.of((pool) -> pool.maxConcurrency(10)).started();
		for (int i = 0; i < 20; i++) {
			this.fixture.lease().fail(new IOException("down"));
		}
		assertThat(this.fixture.snapshot().size().ejected()).isZero();
	}

	@Test
	void ejectionCanBeDisabled() {
		this.fixture = fixture(
				(pool) -> pool.outlierDetection((detection) -> detection.consecutiveFailures(0).failureRate(0)));
		fail("a", 100);
		assertThat(state("a")).isEqualTo(State.READY);
	}

	@Test
	void successfulProbeReadmitsEjectedService() {
		fail("a", 5);
		this.fixture.after(Duration.ofMillis(1999));
		assertThat(targetsOf(50)).doesNotContain("a");
		this.fixture.after(Duration.ofMillis(1));
		Lease<String, String> probe = leaseOf("a");
		assertThat(targetsOf(30)).as("only one probe is in flight").doesNotContain("a");
		probe.succeed();
		assertThat(state("a")).isEqualTo(State.READY);
		assertThat(this.fixture.decisions()).endsWith(Type.EJECTED, Type.READMITTED);
		assertThat(targetsOf(40)).contains("a");
	}

	@Test
	void firstWaiterProbesEjectedService() {
		fail("a", 5);
		this.fixture.leases(30);
		Waiter<String, String> first = this.fixture.ask();
		Waiter<String, String> second = this.fixture.ask();
		this.fixture.after(Duration.ofSeconds(2));
		assertThat(first.isSettled()).isTrue();
		assertThat(second.isSettled()).isFalse();
		this.fixture.lease(first).succeed();
		assertThat(second.isSettled()).as("settled after the readmission").isTrue();
	}

	@Test
	void probeIntervalIncreasesAfterFailedProbes() {
		this.fixture = fixture(
				(pool) -> pool.outlierDetection((detection) -> detection.baseEjectionTime(Duration.ofMinutes(5))));
		fail("a", 5);
		for (int seconds : new int[] { 2, 4, 8, 10, 10 }) {
			this.fixture.after(Duration.ofSeconds(seconds).minusNanos(1));
			assertThat(targetsOf(50)).as("targets before " + seconds + "s").doesNotContain("a");
			this.fixture.after(Duration.ofNanos(1));
			fail("a", 1);
			assertThat(state("a")).isEqualTo(State.EJECTED);
		}
	}

	@Test
	void probeWithoutOutcomeIsRepeated() {
		fail("a", 5);
		this.fixture.after(Duration.ofSeconds(2));
		leaseOf("a").close();
		assertThat(state("a")).isEqualTo(State.EJECTED);
		this.fixture.after(Duration.ofSeconds(2));
		leaseOf("a").succeed();
		assertThat(state("a")).isEqualTo(State.READY);
	}

	@Test
	void abandonedProbeDoesNotEndProbing() {
		fail("a", 5);
		this.fixture.leases(30);
		Waiter<String, String> waiter = this.fixture.ask();
		this.fixture.after(Duration.ofSeconds(2));
		this.fixture.acquirer().abandon(waiter);
		Waiter<String, String> next = this.fixture.ask();
		this.fixture.after(Duration.ofSeconds(2));
		this.fixture.lease(next).succeed();
		assertThat(state("a")).isEqualTo(State.READY);
	}

	@Test
	void requestSentBeforeEjectionDoesNotReadmit() {
		Lease<String, String> before = leaseOf("a");
		fail("a", 5);
		before.succeed();
		assertThat(state("a")).isEqualTo(State.EJECTED);
	}

	@Test
	void serviceIsReadmittedOnProbationAfterEjectionTime() {
		fail("a", 5);
		this.fixture.after(Duration.ofSeconds(10));
		assertThat(state("a")).isEqualTo(State.READY);
		assertThat(service("a").load().limit()).as("one at a time").hasValue(1);
		fail("a", 1);
		assertThat(state("a")).isEqualTo(State.EJECTED);
		assertThat(service("a").suspension().remaining()).isEqualTo(Duration.ofSeconds(20));
	}

	@Test
	void successEndsProbation() {
		fail("a", 5);
		this.fixture.after(Duration.ofSeconds(10));
		succeed("a", 1);
		assertThat(service("a").load().limit()).hasValue(10);
		fail("a", 4);
		assertThat(state("a")).isEqualTo(State.READY);
	}

	@Test
	void ejectionTimeIncreasesUpToMaximum() {
		this.fixture = fixture(
				(pool) -> pool.outlierDetection((detection) -> detection.maxEjectionTime(Duration.ofSeconds(25))));
		fail("a", 5);
		for (int seconds : new int[] { 10, 20, 25, 25 }) {
			assertThat(service("a").suspension().remaining()).isEqualTo(Duration.ofSeconds(seconds));
			this.fixture.after(Duration.ofSeconds(seconds));
			fail("a", 1);
		}
	}

	@Test
	void ejectionIsForgottenAfterWholeHealthyInterval() {
		fail("a", 5);
		this.fixture.after(Duration.ofSeconds(10));
		succeed("a", 1);
		this.fixture.after(Duration.ofMillis(9999));
		succeed("a", 1);
		fail("a", 5);
		assertThat(service("a").suspension().remaining()).as("not a whole interval").isEqualTo(Duration.ofSeconds(20));
		this.fixture.after(Duration.ofSeconds(20));
		succeed("a", 1);
		this.fixture.after(Duration.ofSeconds(10));
		succeed("a", 1);
		fail("a", 5);
		assertThat(service("a").suspension().remaining()).as("one of two ejections is forgotten")
			.isEqualTo(Duration.ofSeconds(20));
	}

	@Test
	void pauseIsIgnoredWhenAllOtherTargetsAreEjected() {
		this.fixture = PoolFixture
			.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
				.maxConcurrency(10)
				.loadMetric(LoadMetric.constant()))
			.started();
		fail("a", 5);
		leaseOf("b").pauseFor(Duration.ofSeconds(30));
		assertThat(state("a")).isEqualTo(State.EJECTED);
		assertThat(this.fixture.lease().target().name()).isEqualTo("b");
	}

	@Test
	void ejectedServicesAreReadmittedWhenTooFewRemain() {
		fail("a", 5);
		fail("b", 5);
		this.fixture.pool.retarget(List.of(Target.of("a"), Target.of("b"), Target.of("c")));
		assertThat(this.fixture.snapshot().size().ejected()).isOne();
		this.fixture.pool.retarget(List.of(Target.of("a"), Target.of("b")));
		assertThat(this.fixture.snapshot().size().ejected()).isOne();
		this.fixture.pool.retarget(List.of(Target.of("b")));
		this.fixture.settle();
		assertThat(this.fixture.snapshot().size().ejected()).isZero();
	}

	@Test
	void ejectedServiceIsRetiredFirst() {
		this.fixture = PoolFixture
			.of((pool) -> pool.targets(Target.of("a"))
				.minServices(4)
				.maxServices(4)
				.maxConcurrency(10)
				.loadMetric(LoadMetric.constant()))
			.started();
		while (this.fixture.snapshot().size().ejected() == 0) {
			Lease<String, String> lease = this.fixture.lease();
			if (lease.service() == this.fixture.services.get(1)) {
				lease.fail(new IOException("down"));
			}
			else {
				lease.succeed();
			}
		}
		this.fixture.pool.retarget(List.of(Target.of("a"), Target.of("b")));
		this.fixture.settle();
		assertThat(this.fixture.services.get(1).closes).isOne();
		assertThat(this.fixture.snapshot().size()).isEqualTo(new PoolSnapshot.Size(4, 0, 0, 0, 0, 0, 0, 0));
	}

	@Test
	void failuresOfTargetEjectAllItsServices() {
		this.fixture = fixture((pool) -> pool.minServices(8));
		assertThat(this.fixture.total()).isEqualTo(8);
		List<Lease<String, String>> ofA = new ArrayList<>();
		List<Lease<String, String>> others = new ArrayList<>();
		this.fixture.leases(80).forEach((lease) -> (lease.target().name().equals("a") ? ofA : others).add(lease));
		ofA.get(0).fail(new IOException("down"));
		others.forEach(Lease::succeed);
		ofA.get(10).fail(new IOException("down"));
		ofA.get(1).fail(new IOException("down"));
		ofA.get(11).fail(new IOException("down"));
		assertThat(this.fixture.snapshot().size().ejected()).isZero();
		ofA.get(12).fail(new IOException("down"));
		assertThat(this.fixture.snapshot().services()).filteredOn((service) -> service.state() == State.EJECTED)
			.extracting(PoolSnapshot.ServiceSnapshot::target)
			.containsExactly("a", "a");
	}

	@Test
	void ejectedTargetReceivesNoNewServices() {
		fail("a", 5);
		this.fixture.leases(30);
		for (int i = 0; i < 40; i++) {
			this.fixture.ask();
		}
		this.fixture.settle();
		assertThat(this.fixture.services.targets.subList(4, this.fixture.services.targets.size())).isNotEmpty()
			.doesNotContain(Target.of("a"));
	}

	@Test
	void waitersThatFitEjectedServiceAddNoLoad() {
		fail("a", 5);
		this.fixture.leases(30);
		double load = this.fixture.load();
		for (int i = 0; i < 10; i++) {
			this.fixture.ask();
		}
		assertThat(this.fixture.load()).isEqualTo(load);
		this.fixture.ask();
		assertThat(this.fixture.load()).isGreaterThan(load);
	}

	@Test
	void polledServiceIsPolledBeforeProbe() {
		this.fixture = PoolFixture
			.of(new FakeServices().polled(),
					(pool) -> pool.targets(Target.of("a"), Target.of("b"))
						.maxConcurrency(10)
						.loadMetric(LoadMetric.constant()))
			.started();
		fail("a", 5);
		FakeService service = this.fixture.services.get(0);
		int polls = service.polls;
		service.readiness = Readiness.PENDING;
		this.fixture.after(Duration.ofSeconds(2));
		assertThat(targetsOf(5)).doesNotContain("a");
		assertThat(service.polls).isEqualTo(polls + 1);
		service.becomeReady();
		assertThat(state("a")).isEqualTo(State.EJECTED);
		leaseOf("a").succeed();
		assertThat(state("a")).isEqualTo(State.READY);
	}

	private static PoolFixture fixture(UnaryOperator<PoolBuilder> options) {
		return PoolFixture
			.of((pool) -> options.apply(pool.targets(Target.of("a"), Target.of("b"), Target.of("c"), Target.of("d"))
				.maxConcurrency(10)
				.loadMetric(LoadMetric.constant())))
			.started();
	}

	private void fail(String target, int times) {
		for (int i = 0; i < times; i++) {
			leaseOf(target).fail(new IOException("down"));
			this.fixture.settle();
		}
	}

	private void succeed(String target, int times) {
		for (int i = 0; i < times; i++) {
			leaseOf(target).succeed();
		}
	}

	/** Acquire a lease of the given target. */
	private Lease<String, String> leaseOf(String target) {
		List<Lease<String, String>> others = new ArrayList<>();
		Lease<String, String> lease = this.fixture.lease();
		while (!lease.target().name().equals(target)) {
			others.add(lease);
			lease = this.fixture.lease();
		}
		others.forEach(Lease::succeed);
		return lease;
	}

	/** Return the targets of leases that are acquired one after another. */
	private List<String> targetsOf(int leases) {
		List<String> targets = new ArrayList<>();
		for (int i = 0; i < leases; i++) {
			try (Lease<String, String> lease = this.fixture.lease()) {
				targets.add(lease.target().name());
			}
		}
		return targets;
	}

	private State state(String target) {
		return service(target).state();
	}

	private PoolSnapshot.ServiceSnapshot service(String target) {
		return this.fixture.snapshot()
			.services()
			.stream()
			.filter((service) -> service.target().equals(target))
			.findFirst()
			.orElseThrow();
	}

}
