package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.servicepool.Lease;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolEvent.Reason;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for changes of the pool size that do not depend on the load: idle services are
 * removed, and old services are replaced.
 */
class MaintenanceTests {

	private static final Duration IDLE = Duration.ofMinutes(10);

	private static final Duration LIFETIME = Duration.ofMinutes(30);

	@Test
	void idlePoolScalesDownToMinimumOneByOne() {
		PoolFixture fixture = scaledUp(4, (pool) -> pool.minServices(2));
		fixture.after(IDLE);
		assertThat(fixture.total()).isEqualTo(4);
		fixture.after(IDLE.dividedBy(10));
		assertThat(fixture.total()).as("a tenth of the idle timeout later").isEqualTo(3);
		fixture.after(IDLE.dividedBy(10));
		assertThat(fixture.total()).isEqualTo(2);
		assertThat(fixture.snapshot().events().lastDecision().type()).isEqualTo(Type.DRAINED);
		assertThat(fixture.events).anySatisfy((event) -> {
			assertThat(event.type()).isEqualTo(Type.RETIRED);
			assertThat(event.message()).isEqualTo("not needed for 10m (idleTimeout)");
		});
		fixture.after(IDLE.multipliedBy(10));
		assertThat(fixture.total()).as("never below the minimum").isEqualTo(2);
	}

	@Test
	void idlePoolAtMinimumNeedsNoTimer() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).idleTimeout(IDLE)).started();
		fixture.hit(10);
		fixture.after(Duration.ofMinutes(1));
		assertThat(fixture.time.scheduled()).isZero();
	}

	@Test
	void lightTrafficDoesNotKeepSurplusServices() {
		PoolFixture fixture = scaledUp(3, (pool) -> pool);
		for (int minute = 0; minute < 15; minute++) {
			fixture.hit(1).after(Duration.ofMinutes(1));
		}
		assertThat(fixture.total()).isOne();
	}

	@Test
	void longRequestsKeepTheirServices() {
		PoolFixture fixture = scaledUp(3, (pool) -> pool);
		List<Lease<String, String>> leases = fixture.leases(2);
		fixture.after(IDLE.multipliedBy(3));
		assertThat(fixture.total()).isEqualTo(2);
		leases.forEach(Lease::succeed);
	}

	@Test
	void idleTimeoutOfZeroRemovesNoService() {
		PoolFixture fixture = scaledUp(3, (pool) -> pool.idleTimeout(Duration.ZERO));
		fixture.after(Duration.ofDays(2));
		assertThat(fixture.total()).isEqualTo(3);
	}

	@Test
	void oldServiceIsReplacedBeforeItIsRetired() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxLifetime(LIFETIME)).started();
		Lease<String, String> lease = fixture.lease();
		untilOld(fixture);
		assertThat(fixture.snapshot().size().creating()).isOne();
		assertThat(fixture.total()).isOne();
		fixture.settle();
		assertThat(fixture.decisions()).containsExactly(Type.CREATED, Type.JOINED, Type.CREATED, Type.JOINED,
				Type.RETIRED);
		assertThat(fixture.total()).isOne();
		assertThat(fixture.services.get(0).closes).as("closes while a request is in flight").isZero();
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(1));
		lease.succeed();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isOne();
		assertThat(fixture.events.get(2).message()).isEqualTo("replaces service 1, which reached its maxLifetime");
		assertThat(fixture.events.get(4).message())
			.isEqualTo("maxLifetime reached (configured: 30m; up to 10% earlier for each service, at random)");
	}

	@Test
	void oldServiceIsRetiredFirstWhenNoSlotIsFree() {
		PoolFixture fixture = scaledUp(2,
				(pool) -> pool.maxServices(2).maxLifetime(LIFETIME).idleTimeout(Duration.ZERO));
		fixture.events.clear();
		untilOld(fixture);
		assertThat(fixture.total()).as("retired one at a time").isOne();
		fixture.pass(LIFETIME.dividedBy(10));
		assertThat(fixture.decisions().subList(0, 4)).containsExactly(Type.RETIRED, Type.DRAINED, Type.CREATED,
				Type.JOINED);
		assertThat(fixture.total()).isEqualTo(2);
		assertThat(fixture.services.created).hasSize(4);
	}

	@Test
	void oldServiceStaysUntilReplacementIsReady() {
		PoolFixture fixture = PoolFixture.of(new FakeServices().polled(), (pool) -> pool.maxLifetime(LIFETIME))
			.started();
		fixture.services.each((service) -> service.readiness = Readiness.PENDING);
		untilOld(fixture);
		fixture.settle();
		assertThat(fixture.total()).isEqualTo(2);
		fixture.pass(Duration.ofMinutes(10));
		assertThat(fixture.services.created).as("one replacement is enough").hasSize(2);
		fixture.lease().succeed();
		fixture.services.get(1).becomeReady();
		fixture.settle();
		assertThat(fixture.total()).isOne();
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(1));
	}

	@Test
	void failedCreationDoesNotAffectPendingReplacement() {
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
	void replacementHasSameTarget() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.targets(Target.of("a"), Target.of("b")).minServices(2).maxLifetime(LIFETIME))
			.started();
		fixture.pass(LIFETIME);
		assertThat(fixture.snapshot().services()).extracting(PoolSnapshot.ServiceSnapshot::target)
			.containsExactlyInAnyOrder("a", "b");
		assertThat(fixture.services.created).hasSize(4);
	}

	@Test
	void servicesCreatedTogetherAreNotRetiredTogether() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.minServices(20).maxLifetime(LIFETIME)).started();
		fixture.pass(LIFETIME.multipliedBy(9).dividedBy(10).minusSeconds(1));
		assertThat(fixture.services.created).as("no lifetime is shortened by more than a tenth").hasSize(20);
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
	void oldServiceStaysUntilReplacementIsCreated() {
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
	void retiredServiceIsReplacedWhenFirstAttemptFails() {
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

	/** Advance the time until a service has reached its lifetime. */
	private void untilOld(PoolFixture fixture) {
		while (fixture.executor.size() == 0) {
			fixture.time.advance(Duration.ofSeconds(1));
		}
		assertThat(fixture.time.elapsed()).isBetween(LIFETIME.toNanos() * 9 / 10, LIFETIME.toNanos());
	}

	/** Create a pool that has scaled up under load and is idle again. */
	private PoolFixture scaledUp(int services, UnaryOperator<PoolBuilder> options) {
		return PoolFixture.of((pool) -> options.apply(pool.maxConcurrency(1))).started().scaleUp(services);
	}

	@Test
	void outdatedServicesAreReplacedOneAfterTheOther() {
		PoolFixture fixture = scaledUp(3, (pool) -> pool.maxServices(3).maxSurge(1));
		Lease<String, String> lease = fixture.lease();
		fixture.pool.replaceServices("new certificate");
		fixture.settle();
		assertThat(lease.succeed()).isTrue();
		fixture.settle();
		assertThat(fixture.snapshot().services()).extracting(ServiceSnapshot::id).containsExactly(4L, 5L, 6L);
		assertThat(fixture.events).filteredOn((event) -> event.reason() == Reason.OUTDATED)
			.hasSize(3)
			.allMatch((event) -> event.message().equals("new certificate"));
		assertThat(fixture.after(Duration.ofMinutes(1)).services.created).hasSize(6);
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "4, 1", "7, 1", "8, 2", "12, 3" })
	void quarterOfOutdatedServicesIsReplacedConcurrently(int services, int concurrently) {
		PoolFixture fixture = scaledUp(services, (pool) -> pool.maxServices(20).maxSurge(1));
		fixture.pool.replaceServices("new certificate");
		assertThat(mostConcurrentReplacements(fixture, services)).isEqualTo(concurrently);
		assertThat(fixture.snapshot().services()).hasSize(services).allMatch((service) -> service.id() > services);
	}

	@ParameterizedTest
	@CsvSource({ "0, 1", "0.5, 4", "1, 8" })
	void replaceRatioLimitsConcurrentReplacements(double ratio, int concurrently) {
		PoolFixture fixture = scaledUp(8, (pool) -> pool.maxServices(20).maxSurge(1).replaceRatio(ratio));
		fixture.pool.replaceServices("new certificate");
		assertThat(mostConcurrentReplacements(fixture, 8)).isEqualTo(concurrently);
	}

	@Test
	void surgeLimitsConcurrentReplacementsOfFullPool() {
		PoolFixture fixture = scaledUp(12, (pool) -> pool.maxServices(12).maxSurge(2).replaceRatio(1));
		fixture.pool.replaceServices("new certificate");
		assertThat(mostConcurrentReplacements(fixture, 12)).isEqualTo(2);
		assertThat(fixture.snapshot().services()).hasSize(12).allMatch((service) -> service.id() > 12);
	}

	@Test
	void withoutSurgeOutdatedServicesAreReplacedOneAtATime() {
		PoolFixture fixture = scaledUp(8, (pool) -> pool.maxServices(8));
		fixture.pool.replaceServices("new certificate");
		for (int replaced = 1; replaced <= 8; replaced++) {
			assertThat(fixture.total()).isEqualTo(7);
			fixture.executor.runNext();
			fixture.executor.runNext();
		}
		assertThat(fixture.snapshot().services()).hasSize(8).allMatch((service) -> service.id() > 8);
	}

	@Test
	void failedOutdatedServiceIsReplacedOnce() {
		PoolFixture fixture = PoolFixture.of(new FakeServices().polled(), (pool) -> pool.maxServices(4).maxSurge(1))
			.started();
		fixture.pool.replaceServices("new certificate");
		fixture.services.get(0).pollFailure = new IOException("broken");
		fixture.miss().settle();
		assertThat(fixture.count(Type.EVICTED)).isOne();
		assertThat(fixture.snapshot().services()).singleElement().extracting(ServiceSnapshot::id).isEqualTo(2L);
	}

	@Test
	void failedOutdatedServiceIsReplacedAlsoIfItsSuccessorFails() {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().polled(), (pool) -> pool.maxServices(4).maxSurge(1).urgency(0))
			.started()
			.scaleUp(1);
		fixture.services.creations(FakeServices.fails(new IOException("no")), FakeServices.ok());
		fixture.pool.replaceServices("new certificate");
		fixture.services.get(0).pollFailure = new IOException("broken");
		fixture.miss().settle();
		assertThat(fixture.after(Duration.ofSeconds(1)).settle().total()).isOne();
	}

	/** Let all creations end, and return the maximum number of successors meanwhile. */
	private static int mostConcurrentReplacements(PoolFixture fixture, int services) {
		int most = 0;
		do {
			PoolSnapshot.Size size = fixture.snapshot().size();
			assertThat(size.live()).isGreaterThanOrEqualTo(services);
			most = Math.max(most, size.live() + size.creating() - services);
		}
		while (fixture.executor.runNext());
		return most;
	}

	@Test
	void serviceThatIsBeingCreatedIsOutdatedToo() {
		FakeServices services = new FakeServices();
		PoolFixture fixture = PoolFixture.of(services, (pool) -> pool.maxSurge(1));
		services.creations(FakeServices.takes(() -> fixture.pool.replaceServices("new certificate")));
		fixture.started().settle();
		assertThat(fixture.snapshot().services()).singleElement().extracting(ServiceSnapshot::id).isEqualTo(2L);
	}

	@Test
	void outdatedServiceStaysWhileCreationsFail() {
		FakeServices services = new FakeServices().creations(FakeServices.ok(),
				FakeServices.fails(new IOException("bad certificate")));
		PoolFixture fixture = PoolFixture.of(services, (pool) -> pool.maxSurge(1)).started();
		fixture.pool.replaceServices("new certificate");
		fixture.settle().hit(10);
		assertThat(fixture.total()).isOne();
		services.creations(FakeServices.ok());
		fixture.after(Duration.ofMinutes(1)).settle();
		assertThat(fixture.snapshot().services()).singleElement().extracting(ServiceSnapshot::id).isNotEqualTo(1L);
	}

	@Test
	void wornOutServiceIsReplacedSuccessorFirst() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.maxServices(1).maxConcurrency(20).maxSurge(1).maxRequestsPerService(100))
			.started();
		int before = 0;
		while (fixture.services.created.size() == 1) {
			fixture.lease().succeed();
			before++;
			fixture.settle();
		}
		assertThat(before).as("requests of the first service").isBetween(90, 100);
		fixture.tick();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isOne();
		assertThat(fixture.snapshot().size().ready()).isOne();
	}

	@Test
	void serviceIsReplacedOnceAfterItsTraffic() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxIdleTime(Duration.ofSeconds(30)).maxSurge(1)).started();
		fixture.lease().succeed();
		fixture.pass(Duration.ofSeconds(29));
		assertThat(fixture.services.created).hasSize(1);
		fixture.pass(Duration.ofMinutes(10));
		assertThat(fixture.services.created).hasSize(2);
		assertThat(fixture.services.get(0).closes).isOne();
		fixture.lease().succeed();
		fixture.pass(Duration.ofSeconds(38));
		assertThat(fixture.services.created).hasSize(3);
	}

	@Test
	void idleServiceIsReplacedAfterItsPause() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
				.minServices(2)
				.maxIdleTime(Duration.ofSeconds(5)))
			.started();
		Lease<String, String> lease = fixture.lease();
		lease.pauseFor(Duration.ofSeconds(20));
		lease.succeed();
		fixture.pass(Duration.ofSeconds(19));
		assertThat(fixture.services.targets).containsOnlyOnce(lease.target());
		fixture.pass(Duration.ofSeconds(2));
		assertThat(fixture.services.targets.stream().filter(lease.target()::equals)).hasSize(2);
	}

	@Test
	void busyServiceIsNotReplacedByIdleTime() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxIdleTime(Duration.ofSeconds(30))).started();
		Lease<String, String> lease = fixture.lease();
		fixture.pass(Duration.ofMinutes(10));
		assertThat(fixture.services.created).hasSize(1);
		lease.succeed();
	}

}
