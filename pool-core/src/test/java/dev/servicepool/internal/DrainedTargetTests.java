package dev.servicepool.internal;

import java.util.List;
import java.util.stream.Stream;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.Lease;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Targets that an operator drains while the pool is in use.
 */
class DrainedTargetTests {

	private PoolFixture fixture = pool(new FakeServices());

	private static PoolFixture pool(FakeServices services) {
		return PoolFixture.of(services, (pool) -> pool.targets(targets("a", "b")).maxServices(4).maxConcurrency(2))
			.started();
	}

	@Test
	void drainedTargetReceivesNoLeaseAndOldLeaseEnds() {
		List<Lease<String, String>> leases = this.fixture.leases(4);
		drain("a");
		assertThat(leases).allSatisfy((lease) -> assertThat(lease.succeed()).isTrue());
		this.fixture.settle();
		for (int i = 0; i < 100; i++) {
			Lease<String, String> lease = this.fixture.lease();
			assertThat(lease.target().name()).isEqualTo("b");
			lease.succeed();
		}
		assertThat(messages(Type.TARGET_DRAINED)).containsExactly("a, until the restart; test");
		assertThat(this.fixture.snapshot().health().drainedTargets()).containsExactly("a");
		assertThat(this.fixture.services.get(0).closes).isOne();
	}

	@Test
	void otherTargetsKeepMinimumNumberOfServices() {
		PoolFixture two = PoolFixture.of((pool) -> pool.targets(targets("a", "b")).minServices(2)).started();
		two.pool.drainTarget("a", "test");
		two.settle();
		assertThat(two.total()).isEqualTo(2);
	}

	@Test
	void callerThatPollsDuringDrainUsesOtherTarget() {
		this.fixture = pool(new FakeServices().polled());
		FakeService first = this.fixture.services.get(0);
		FakeService second = this.fixture.services.get(1);
		first.duringPoll = () -> {
			first.duringPoll = () -> {
			};
			this.fixture.pool.drainTarget("a", "test");
		};
		while (this.fixture.count(Type.TARGET_DRAINED) == 0) {
			Lease<String, String> lease = this.fixture.lease();
			assertThat(lease.service()).isSameAs(second);
			lease.succeed();
		}
	}

	@Test
	void creationForDrainedTargetIsAbandoned() {
		this.fixture = PoolFixture.of(
				new FakeServices().creations(FakeServices.takes(() -> this.fixture.pool.drainTarget("a", "test"))),
				(pool) -> pool.targets(targets("a", "b")));
		this.fixture.pool.start();
		this.fixture.settle();
		assertThat(liveTargets()).containsExactly("b");
		assertThat(this.fixture.snapshot().totals().creations().discardedLate()).isOne();
	}

	@Test
	void repeatedDrainHasNoEffect() {
		drain("a");
		int events = this.fixture.events.size();
		drain("a");
		assertThat(this.fixture.events).hasSize(events);
	}

	@Test
	void drainedTargetStaysDrainedWhenSourceNamesItAgain() {
		drain("a");
		retarget("b", "c");
		retarget("a", "b", "c");
		assertThat(liveTargets()).containsExactly("b", "c");
		assertThat(messages(Type.TARGETS_CHANGED)).last().isEqualTo("3 targets: a (drained), b, c");
	}

	@Test
	void undrainedTargetReceivesService() {
		drain("a");
		undrain("a");
		assertThat(liveTargets()).containsExactlyInAnyOrder("a", "b");
		assertThat(messages(Type.TARGET_UNDRAINED)).containsExactly("a; test");
		assertThat(this.fixture.snapshot().health().drainedTargets()).isEmpty();
		int events = this.fixture.events.size();
		undrain("a");
		assertThat(this.fixture.events).hasSize(events);
	}

	@Test
	void onlyTargetThatIsNotDrainedCannotBeDrained() {
		drain("a");
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> drain("b"))
			.withMessage("target must not be the only target that is not drained but was b");
	}

	@Test
	void unknownTargetIsRejected() {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> drain("c"))
			.withMessage("target must be one of 'a', 'b' but was c");
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> undrain("c"))
			.withMessage("target must be one of 'a', 'b' but was c");
	}

	@Test
	void callersAreRejectedWhenSourceNamesOnlyDrainedTargets() {
		drain("a");
		retarget("a");
		Waiter<String, String> waiter = this.fixture.ask();
		assertThat(waiter.rejection()).isNotNull()
			.satisfies((rejection) -> assertThat(rejection.message())
				.startsWith("no service is available because all targets are drained"));
		assertThat(this.fixture.snapshot().health().available()).isFalse();
		assertThat(this.fixture.count(Type.VETOED)).isZero();
		undrain("a");
		assertThat(this.fixture.lease().target().name()).isEqualTo("a");
	}

	private void drain(String target) {
		this.fixture.pool.drainTarget(target, "test");
		this.fixture.settle();
	}

	private void undrain(String target) {
		this.fixture.pool.undrainTarget(target, "test");
		this.fixture.settle();
	}

	private void retarget(String... names) {
		this.fixture.pool.retarget(targets(names));
		this.fixture.settle();
	}

	private static List<Target> targets(String... names) {
		return Stream.of(names).map(Target::of).toList();
	}

	private List<String> liveTargets() {
		return this.fixture.snapshot().services().stream().map(PoolSnapshot.ServiceSnapshot::target).toList();
	}

	private List<String> messages(Type type) {
		return this.fixture.events.stream().filter((event) -> event.type() == type).map(PoolEvent::message).toList();
	}

}
