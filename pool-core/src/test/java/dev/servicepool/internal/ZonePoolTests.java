package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.servicepool.Lease;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.PoolSnapshot.TargetSnapshot;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool that prefers the targets in its own zone.
 */
class ZonePoolTests {

	private static final Set<State> RETIRED = Set.of(State.DRAINING, State.CLOSING);

	private final Set<Target> unreachable = new HashSet<>();

	private PoolFixture fixture = pool(UnaryOperator.identity());

	/** Create a pool with two targets in the own zone "1", and four in others. */
	private PoolFixture pool(UnaryOperator<PoolBuilder> options) {
		return PoolFixture.of(new FakeServices().failing(this.unreachable), (pool) -> options.apply(
				pool.zone("1").maxConcurrency(2).maxServices(6).targets(targets("a1", "b1", "c2", "d2", "e3", "f3"))));
	}

	/** Create targets whose names end with the zone. */
	private static List<Target> targets(String... names) {
		return Stream.of(names).map((name) -> Target.of(name).inZone(name.substring(1))).toList();
	}

	@Test
	void onlyTargetsInOwnZoneReceiveServices() {
		this.fixture.started();
		assertThat(liveTargets()).containsExactlyInAnyOrder("a1", "b1");
		assertThat(this.fixture.snapshot().health().targets()).extracting(TargetSnapshot::preferred)
			.containsExactly(true, true, false, false, false, false);
		assertThat(this.fixture.snapshot().settings().minServices()).isEqualTo(2);
	}

	@Test
	void targetWithUnknownZoneIsNotPreferred() {
		this.fixture = pool((pool) -> pool.targets(Target.of("a").inZone("1"), Target.of("b"))).started();
		assertThat(liveTargets()).containsExactly("a");
	}

	@Test
	void zonesAreIgnoredIfNoTargetIsInOwnZone() {
		this.fixture = pool((pool) -> pool.zone("4")).started();
		assertThat(liveTargets()).hasSize(6);
		assertThat(this.fixture.snapshot().health().targets()).allMatch(TargetSnapshot::preferred);
	}

	@Test
	void highLoadOpensOtherZonesAndLowLoadClosesThem() {
		this.fixture.started();
		List<Lease<String, String>> leases = this.fixture.leases(4);
		this.fixture.scaleUpUntilCreation().settle();
		assertThat(liveTargets()).hasSizeGreaterThan(2).startsWith("a1", "b1");
		leases.forEach(Lease::succeed);
		this.fixture.after(Duration.ofSeconds(30));
		while (liveTargets().size() > 2) {
			this.fixture.hit(400).after(Duration.ofSeconds(1));
		}
		assertThat(liveTargets()).containsExactly("a1", "b1");
	}

	@Test
	void otherZoneServesOnlyCallersThatFindNoLocalServiceReady() {
		open();
		for (int i = 0; i < 100; i++) {
			List<Lease<String, String>> leases = this.fixture.leases(5);
			assertThat(leases.subList(0, 4)).allMatch(ZonePoolTests::isLocal);
			assertThat(leases.get(4)).matches((lease) -> !isLocal(lease));
			leases.forEach(Lease::succeed);
		}
	}

	@Test
	void serviceInOtherZoneIsRemovedBeforeNewerLocalOne() {
		this.fixture = pool((pool) -> pool.maxServices(12));
		this.fixture.started();
		this.fixture.scaleUp(5);
		assertThat(liveTargets().subList(0, 4)).containsExactlyInAnyOrder("a1", "a1", "b1", "b1");
		assertThat(liveTargets().get(4)).doesNotEndWith("1");
		this.fixture.after(Duration.ofSeconds(30));
		while (liveTargets().size() > 4) {
			this.fixture.hit(400).after(Duration.ofSeconds(1));
		}
		assertThat(liveTargets()).containsExactlyInAnyOrder("a1", "a1", "b1", "b1");
	}

	@Test
	void ejectionOfAllLocalServicesOpensOtherZones() {
		this.fixture = pool((pool) -> pool.outlierDetection((detection) -> detection.consecutiveFailures(3))).started();
		failLocal();
		assertThat(this.fixture.state("a1")).isEqualTo(State.EJECTED);
		assertThat(this.fixture.state("b1")).isEqualTo(State.EJECTED);
		assertThat(isLocal(this.fixture.lease())).isFalse();
		assertThat(messages(Type.CREATED)).contains("all preferred targets seem to fail");
	}

	@Test
	void localServicesAreReadmittedAndUsedAgain() {
		this.fixture = pool((pool) -> pool.outlierDetection((detection) -> detection.consecutiveFailures(3))).started();
		failLocal();
		this.fixture.after(Duration.ofSeconds(10));
		while (this.fixture.snapshot().size().ejected() > 0) {
			Lease<String, String> lease = this.fixture.lease();
			lease.recordResponse();
			lease.succeed();
			this.fixture.after(Duration.ofSeconds(1));
		}
		assertThat(this.fixture.leases(2)).allMatch(ZonePoolTests::isLocal);
	}

	@Test
	void localServicesAreNotAllEjectedIfOtherZonesFailToo() {
		this.fixture = pool((pool) -> pool.outlierDetection((detection) -> detection.consecutiveFailures(3))).started();
		for (int i = 0; i < 200; i++) {
			this.fixture.lease().fail(new IOException("call"));
			this.fixture.settle();
		}
		PoolSnapshot.Size size = this.fixture.snapshot().size();
		assertThat(size.ejected()).isLessThan(size.live());
		assertThat(size.live()).as("services that the failures caused").isLessThanOrEqualTo(4);
	}

	@Test
	void pauseOfAllLocalServicesOpensOtherZones() {
		this.fixture.started();
		for (Lease<String, String> lease : this.fixture.leases(4)) {
			lease.pauseFor(Duration.ofSeconds(5));
			lease.succeed();
		}
		this.fixture.settle();
		assertThat(this.fixture.state("a1")).isEqualTo(State.PAUSED);
		assertThat(this.fixture.state("b1")).isEqualTo(State.PAUSED);
		assertThat(messages(Type.CREATED)).contains("all services are suspended");
		assertThat(isLocal(this.fixture.lease())).isFalse();
		this.fixture.pass(Duration.ofSeconds(6));
		assertThat(isLocal(this.fixture.lease())).isTrue();
	}

	@Test
	void failedCreationsOpenOtherZones() {
		this.unreachable.addAll(targets("a1", "b1"));
		this.fixture.started();
		Waiter<String, String> waiter = this.fixture.ask();
		this.fixture.settle();
		assertThat(isLocal(this.fixture.lease(waiter))).isFalse();
		this.unreachable.clear();
		this.fixture.pass(Duration.ofSeconds(10));
		assertThat(this.fixture.leases(4)).allMatch(ZonePoolTests::isLocal);
	}

	@Test
	void callersAreRejectedIfNoZoneCanBeReached() {
		this.unreachable.addAll(targets("a1", "b1", "c2", "d2", "e3", "f3"));
		this.fixture.started();
		Waiter<String, String> waiter = this.fixture.ask();
		this.fixture.settle();
		assertThat(waiter.rejection()).isNotNull();
	}

	@Test
	void targetThatMovesToOtherZoneKeepsItsService() {
		this.fixture.started();
		this.fixture.pool
			.retarget(List.of(Target.of("a1").inZone("2"), Target.of("b1").inZone("1"), Target.of("c2").inZone("1")));
		this.fixture.settle();
		assertThat(liveTargets()).containsExactlyInAnyOrder("a1", "b1", "c2");
		assertThat(this.fixture.services.get(0).closes).isZero();
		assertThat(this.fixture.leases(4)).noneMatch((lease) -> lease.target().name().equals("a1"));
		assertThat(this.fixture.lease().target().name()).isEqualTo("a1");
	}

	@Test
	void otherZonesAreUsedWhileAllLocalTargetsAreDrained() {
		this.fixture.started();
		this.fixture.pool.drainTarget("a1", "test");
		this.fixture.pool.drainTarget("b1", "test");
		this.fixture.settle();
		assertThat(liveTargets()).containsExactlyInAnyOrder("c2", "d2", "e3", "f3");
		this.fixture.pool.undrainTarget("a1", "test");
		this.fixture.settle();
		assertThat(this.fixture.leases(2)).allMatch(ZonePoolTests::isLocal);
	}

	private void open() {
		this.fixture.started();
		List<Lease<String, String>> leases = this.fixture.leases(4);
		while (liveTargets().size() == 2) {
			this.fixture.scaleUpUntilCreation().settle();
		}
		leases.forEach(Lease::succeed);
	}

	/** Let all requests to local services fail until none of them is used any more. */
	private void failLocal() {
		Lease<String, String> lease = this.fixture.lease();
		while (isLocal(lease)) {
			lease.fail(new IOException("call"));
			this.fixture.settle();
			lease = this.fixture.lease();
		}
		lease.recordResponse();
		lease.succeed();
	}

	private static boolean isLocal(Lease<String, String> lease) {
		return lease.target().name().endsWith("1");
	}

	private List<String> liveTargets() {
		return this.fixture.snapshot()
			.services()
			.stream()
			.filter((service) -> !RETIRED.contains(service.state()))
			.map(PoolSnapshot.ServiceSnapshot::target)
			.toList();
	}

	private List<String> messages(Type type) {
		return this.fixture.events.stream().filter((event) -> event.type() == type).map(PoolEvent::message).toList();
	}

}
