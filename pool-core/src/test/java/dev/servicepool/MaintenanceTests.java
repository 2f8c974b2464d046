package dev.servicepool;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happens to the size of a pool although its load does not call for it: services
 * that are idle go, services that are old are replaced.
 */
class MaintenanceTests {

	private static final Duration IDLE = Duration.ofMinutes(10);

	private static final Duration LIFETIME = Duration.ofMinutes(30);

	@Test
	void aPoolWithoutTrafficGoesBackToItsMinimumOneByOne() {
		PoolFixture fixture = scaledUp(4, (pool) -> pool.minServices(2));
		fixture.after(IDLE);
		assertThat(fixture.total()).isEqualTo(4);
		fixture.after(IDLE.dividedBy(10));
		assertThat(fixture.total()).as("a tenth later").isEqualTo(3);
		fixture.after(IDLE.dividedBy(10));
		assertThat(fixture.total()).isEqualTo(2);
		assertThat(fixture.snapshot().lastDecision().type()).isEqualTo(Type.DRAINED);
		assertThat(fixture.events).anySatisfy((event) -> {
			assertThat(event.type()).isEqualTo(Type.RETIRED);
			assertThat(event.message()).isEqualTo("not needed for 10m");
		});
		fixture.after(IDLE.multipliedBy(10));
		assertThat(fixture.total()).as("never below the minimum").isEqualTo(2);
	}

	@Test
	void atItsMinimumAnIdlePoolNeedsNoTimer() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).idleTimeout(IDLE)).started();
		fixture.hit(10);
		fixture.after(Duration.ofMinutes(1));
		assertThat(fixture.time.scheduled()).isZero();
	}

	@Test
	void aTrickleOfRequestsDoesNotKeepServicesThatItDoesNotNeed() {
		PoolFixture fixture = scaledUp(3, (pool) -> pool);
		for (int minute = 0; minute < 15; minute++) {
			fixture.hit(1).after(Duration.ofMinutes(1));
		}
		assertThat(fixture.total()).isOne();
	}

	@Test
	void requestsThatTakeLongKeepTheirServices() {
		PoolFixture fixture = scaledUp(3, (pool) -> pool);
		List<Lease<String, String>> leases = fixture.leases(2);
		fixture.after(IDLE.multipliedBy(3));
		assertThat(fixture.total()).isEqualTo(2);
		leases.forEach(Lease::succeed);
	}

	@Test
	void anIdleTimeoutOfZeroRemovesNothing() {
		PoolFixture fixture = scaledUp(3, (pool) -> pool.idleTimeout(Duration.ZERO));
		fixture.after(Duration.ofDays(2));
		assertThat(fixture.total()).isEqualTo(3);
	}

	@Test
	void anOldServiceIsReplacedBeforeItIsRetired() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxLifetime(LIFETIME)).started();
		Lease<String, String> lease = fixture.lease();
		untilOld(fixture);
		assertThat(fixture.snapshot().size().creating()).isOne();
		assertThat(fixture.total()).isOne();
		fixture.settle();
		assertThat(fixture.decisions()).containsExactly(Type.CREATED, Type.JOINED, Type.CREATED, Type.JOINED,
				Type.RETIRED);
		assertThat(fixture.total()).isOne();
		assertThat(fixture.services.get(0).closes).as("its request is still in flight").isZero();
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(1));
		lease.succeed();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isOne();
		assertThat(fixture.events.get(2).message()).isEqualTo("in place of service 1, which is too old");
		assertThat(fixture.events.get(4).message()).isEqualTo("too old, maxLifetime is 30m less up to a tenth");
	}

	@Test
	void whereThereIsNoRoomAnOldServiceIsRetiredFirst() {
		PoolFixture fixture = scaledUp(2,
				(pool) -> pool.maxServices(2).maxLifetime(LIFETIME).idleTimeout(Duration.ZERO));
		fixture.events.clear();
		untilOld(fixture);
		assertThat(fixture.total()).as("one at a time").isOne();
		fixture.pass(LIFETIME.dividedBy(10));
		assertThat(fixture.decisions().subList(0, 4)).containsExactly(Type.RETIRED, Type.DRAINED, Type.CREATED,
				Type.JOINED);
		assertThat(fixture.total()).isEqualTo(2);
		assertThat(fixture.services.created).hasSize(4);
	}

	@Test
	void anOldServiceStaysUntilItsSuccessorIsReady() {
		PoolFixture fixture = PoolFixture.of(new FakeServices().polled(), (pool) -> pool.maxLifetime(LIFETIME))
			.started();
		fixture.services.each((service) -> service.readiness = Readiness.PENDING);
		untilOld(fixture);
		fixture.settle();
		assertThat(fixture.total()).isEqualTo(2);
		fixture.pass(Duration.ofMinutes(10));
		assertThat(fixture.services.created).as("one successor is enough").hasSize(2);
		fixture.lease().succeed();
		fixture.services.get(1).becomeReady();
		fixture.settle();
		assertThat(fixture.total()).isOne();
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(1));
	}

	@Test
	void aMakeThatFailsWhileASuccessorIsNotReadyChangesNothingForThem() {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().polled(), (pool) -> pool.urgency(1).maxConcurrency(1).maxLifetime(LIFETIME))
			.started();
		fixture.services.each((service) -> service.readiness = Readiness.PENDING);
		untilOld(fixture);
		fixture.settle();
		Lease<String, String> lease = fixture.lease();
		fixture.services.creations(FakeServices.fails(new IOException("no")));
		fixture.miss().settle();
		assertThat(fixture.count(Type.CREATION_FAILED)).isOne();
		lease.succeed();
		fixture.services.get(1).becomeReady();
		fixture.settle();
		assertThat(fixture.total()).isOne();
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(1));
	}

	@Test
	void theSuccessorIsForTheSameTarget() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.targets(Target.of("a"), Target.of("b")).minServices(2).maxLifetime(LIFETIME))
			.started();
		fixture.pass(LIFETIME);
		assertThat(fixture.snapshot().services()).extracting(PoolSnapshot.ServiceSnapshot::target)
			.containsExactlyInAnyOrder("a", "b");
		assertThat(fixture.services.created).hasSize(4);
	}

	@Test
	void servicesMadeTogetherDoNotGoTogether() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.minServices(20).maxLifetime(LIFETIME)).started();
		fixture.pass(LIFETIME.multipliedBy(9).dividedBy(10).minusSeconds(1));
		assertThat(fixture.services.created).as("by a tenth at most").hasSize(20);
		int most = 0;
		for (int second = 0; second <= LIFETIME.toSeconds() / 10; second++) {
			int before = fixture.services.created.size();
			fixture.after(Duration.ofSeconds(1));
			most = Math.max(most, fixture.services.created.size() - before);
		}
		assertThat(fixture.services.created.size()).isGreaterThanOrEqualTo(40);
		assertThat(most).isLessThanOrEqualTo(3);
	}

	@Test
	void anOldServiceStaysUntilASuccessorCouldBeMade() {
		FakeServices services = new FakeServices().creations(FakeServices.ok(),
				FakeServices.fails(new IOException("no")));
		PoolFixture fixture = PoolFixture.of(services, (pool) -> pool.maxLifetime(LIFETIME)).started();
		untilOld(fixture);
		fixture.settle();
		assertThat(fixture.count(Type.CREATION_FAILED)).isOne();
		assertThat(fixture.count(Type.RETIRED)).isZero();
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(0));
		fixture.after(Duration.ofSeconds(1));
		assertThat(fixture.count(Type.RETIRED)).isOne();
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(1));
	}

	@Test
	void aServiceRetiredFirstIsReplacedEvenIfTheFirstAttemptFails() {
		FakeServices services = new FakeServices().creations(FakeServices.ok(), FakeServices.ok(),
				FakeServices.fails(new IOException("no")));
		PoolFixture fixture = PoolFixture
			.of(services,
					(pool) -> pool.maxConcurrency(1).maxServices(2).maxLifetime(LIFETIME).idleTimeout(Duration.ZERO))
			.started()
			.scaleUp(2);
		untilOld(fixture);
		fixture.settle();
		assertThat(fixture.count(Type.CREATION_FAILED)).isOne();
		assertThat(fixture.total()).isOne();
		fixture.pass(Duration.ofSeconds(1));
		assertThat(fixture.total()).isEqualTo(2);
	}

	/** Until something is to be done about a service that is too old. */
	private void untilOld(PoolFixture fixture) {
		while (fixture.executor.size() == 0) {
			fixture.time.advance(Duration.ofSeconds(1));
		}
		assertThat(fixture.time.elapsed()).isBetween(LIFETIME.toNanos() * 9 / 10, LIFETIME.toNanos());
	}

	/** A pool that has grown under load, which is over. */
	private PoolFixture scaledUp(int services, UnaryOperator<PoolBuilder> options) {
		return PoolFixture.of((pool) -> options.apply(pool.maxConcurrency(1))).started().scaleUp(services);
	}

}
