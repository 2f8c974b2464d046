package dev.servicepool.internal;

import java.time.Duration;
import java.util.List;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.Lease;
import dev.servicepool.PoolBounds;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Bounds that change while the pool is in use.
 */
class BoundsTests {

	private final PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).maxServices(2)).started();

	@Test
	void eventNamesOldAndNewValuesAndCause() {
		change(new PoolBounds(2, 4, 3, Duration.ofMinutes(1)));
		assertThat(lastMessage(Type.BOUNDS_CHANGED))
			.isEqualTo("minServices from 1 to 2, maxServices from 2 to 4, maxConcurrency from 1 to 3, "
					+ "headroomWindow from 10s to 1m, until the restart; test");
	}

	@Test
	void settingsAndSnapshotShowNewValues() {
		change(new PoolBounds(2, 4, 3, Duration.ofMinutes(1)));
		assertThat(List.of(this.fixture.pool.settings(), this.fixture.snapshot().settings())).allSatisfy((settings) -> {
			assertThat(settings.minServices()).isEqualTo(2);
			assertThat(settings.maxServices()).isEqualTo(4);
			assertThat(settings.maxConcurrency()).isEqualTo(3);
			assertThat(settings.headroomWindow()).isEqualTo(Duration.ofMinutes(1));
		});
	}

	@Test
	void absentAndEqualValuesChangeNothing() {
		change(new PoolBounds(null, null, null, null));
		change(new PoolBounds(1, 2, 1, Duration.ofSeconds(10)));
		assertThat(this.fixture.count(Type.BOUNDS_CHANGED)).isZero();
	}

	@Test
	void invalidValuesAreRejectedAndChangeNothing() {
		assertRejected(new PoolBounds(0, 4, null, null), "minServices must be at least 1 but was 0");
		assertRejected(new PoolBounds(3, null, null, null), "minServices must be at most maxServices (2) but was 3");
		assertRejected(new PoolBounds(null, 0, null, null), "maxServices must be at least 1 but was 0");
		assertRejected(new PoolBounds(null, null, 0, null), "maxConcurrency must be at least 1 but was 0");
		assertRejected(new PoolBounds(null, null, null, Duration.ofSeconds(-1)),
				"headroomWindow must not be negative but was PT-1S");
		assertThat(this.fixture.pool.settings().maxServices()).isEqualTo(2);
	}

	@Test
	void maximumBelowNumberOfTargetsIsRejected() {
		PoolFixture targets = PoolFixture
			.of((pool) -> pool.targets(Target.of("a"), Target.of("b"), Target.of("c")).maxServices(4))
			.started();
		targets.pool.drainTarget("c", "test");
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> targets.pool.changeBounds(new PoolBounds(null, 2, null, null), "test"))
			.withMessage("maxServices must be at least the number of targets (3) but was 2");
	}

	@Test
	void higherMaximumLetsWaitingCallersCauseService() {
		this.fixture.scaleUp(2).leases(2);
		List<Waiter<String, String>> waiters = List.of(this.fixture.ask(), this.fixture.ask(), this.fixture.ask(),
				this.fixture.ask());
		change(new PoolBounds(null, 8, null, null));
		assertThat(waiters).first().matches(Waiter::isSettled);
	}

	@Test
	void lowerMaximumRetiresServicesWhoseRequestsEnd() {
		change(new PoolBounds(null, 4, null, null));
		this.fixture.scaleUp(4);
		List<Lease<String, String>> leases = this.fixture.leases(4);
		change(new PoolBounds(null, 2, null, null));
		assertThat(this.fixture.total()).isEqualTo(2);
		assertThat(this.fixture.snapshot().size().draining()).isEqualTo(2);
		assertThat(this.fixture.events).filteredOn((event) -> event.reason() == Reason.MAX_LOWERED)
			.extracting((event) -> event.message())
			.containsExactly("maxServices was lowered to 2", "maxServices was lowered to 2");
		assertThat(leases).allSatisfy((lease) -> assertThat(lease.succeed()).isTrue());
		this.fixture.settle();
		assertThat(this.fixture.snapshot().size().total()).isEqualTo(2);
		assertThat(this.fixture.services.created).extracting((service) -> service.closes).containsExactly(0, 0, 1, 1);
	}

	@Test
	void lowerMaximumAbandonsCreation() {
		this.fixture.services.creations(
				FakeServices.takes(() -> this.fixture.pool.changeBounds(new PoolBounds(null, 1, null, null), "test")));
		this.fixture.scaleUpUntilCreation();
		this.fixture.settle();
		assertThat(this.fixture.total()).isOne();
		assertThat(this.fixture.snapshot().totals().creations().discardedLate()).isOne();
	}

	@Test
	void higherMinimumCreatesServices() {
		change(new PoolBounds(2, null, null, null));
		assertThat(this.fixture.total()).isEqualTo(2);
		assertThat(lastMessage(Type.CREATED)).isEqualTo("1 service, but the minimum is 2");
	}

	@Test
	void lowerMinimumLetsIdleServicesGo() {
		change(new PoolBounds(2, null, null, null));
		change(new PoolBounds(1, null, null, null));
		this.fixture.pass(Duration.ofMinutes(15));
		assertThat(this.fixture.total()).isOne();
	}

	@Test
	void higherConcurrencyServesWaitingCallers() {
		this.fixture.lease();
		Waiter<String, String> second = this.fixture.ask();
		Waiter<String, String> third = this.fixture.ask();
		change(new PoolBounds(null, null, 2, null));
		assertThat(second.isSettled()).isTrue();
		assertThat(third.isSettled()).isFalse();
	}

	@Test
	void lowerConcurrencyAppliesWhenRequestsHaveEnded() {
		change(new PoolBounds(null, 1, 3, null));
		List<Lease<String, String>> leases = this.fixture.leases(3);
		change(new PoolBounds(null, null, 2, null));
		leases.remove(0).succeed();
		this.fixture.miss();
		leases.remove(0).succeed();
		this.fixture.lease();
		this.fixture.miss();
	}

	@Test
	void serviceThatIsBeingCreatedReceivesNewConcurrency() {
		this.fixture.services.creations(
				FakeServices.takes(() -> this.fixture.pool.changeBounds(new PoolBounds(null, null, 5, null), "test")));
		this.fixture.scaleUpUntilCreation();
		this.fixture.settle();
		assertThat(this.fixture.snapshot().services()).hasSize(2)
			.allSatisfy((service) -> assertThat(service.load().learnedLimit()).hasValue(5));
	}

	@Test
	void learnedLimitSurvivesHigherConcurrency() {
		change(new PoolBounds(null, 1, 4, null));
		List<Lease<String, String>> leases = this.fixture.leases(3);
		((PoolLease<String, String>) leases.get(0)).endRefused();
		change(new PoolBounds(null, null, 8, null));
		assertThat(onlyService().load().learnedLimit()).hasValue(2);
		change(new PoolBounds(null, null, 1, null));
		assertThat(onlyService().load().learnedLimit()).hasValue(1);
	}

	@Test
	void newHeadroomWindowRemembersRecentPeak() {
		PoolFixture guarded = PoolFixture
			.of((pool) -> pool.maxConcurrency(1).headroomWindow(Duration.ofHours(1)).idleTimeout(Duration.ZERO))
			.started()
			.scaleUp(2);
		guarded.leases(2).forEach(Lease::succeed);
		guarded.pool.changeBounds(new PoolBounds(null, null, null, Duration.ofSeconds(20)), "test");
		guarded.hit(400);
		assertThat(guarded.total()).as("services within the new window").isEqualTo(2);
		guarded.after(Duration.ofSeconds(25)).hit(700);
		assertThat(guarded.total()).as("services after the new window").isOne();
	}

	@Test
	void withoutHeadroomWindowGuardIsOff() {
		this.fixture.scaleUp(2);
		change(new PoolBounds(null, null, null, Duration.ZERO));
		this.fixture.hit(400);
		assertThat(this.fixture.total()).isOne();
	}

	@Test
	void closedPoolDoesNotChange() {
		PoolFixture closed = PoolFixture.of((pool) -> pool.closeTimeout(Duration.ZERO)).started();
		closed.pool.close();
		closed.pool.changeBounds(new PoolBounds(null, 8, null, null), "test");
		assertThat(closed.count(Type.BOUNDS_CHANGED)).isZero();
	}

	private void change(PoolBounds bounds) {
		this.fixture.pool.changeBounds(bounds, "test");
		this.fixture.settle();
	}

	private void assertRejected(PoolBounds bounds, String message) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> change(bounds)).withMessage(message);
	}

	private ServiceSnapshot onlyService() {
		assertThat(this.fixture.snapshot().services()).hasSize(1);
		return this.fixture.snapshot().services().get(0);
	}

	private String lastMessage(Type type) {
		return this.fixture.events.stream()
			.filter((event) -> event.type() == type)
			.reduce((first, second) -> second)
			.orElseThrow()
			.message();
	}

}
