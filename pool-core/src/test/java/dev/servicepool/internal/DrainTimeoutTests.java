package dev.servicepool.internal;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.servicepool.Lease;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Retired services with requests that do not end. They must not keep services for other
 * targets from being created.
 */
class DrainTimeoutTests {

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.targets(targets("a", "b", "c")).maxServices(3).maxConcurrency(10).maxSurge(2))
		.started()
		.settle();

	private static List<Target> targets(String... names) {
		return Stream.of(names).map(Target::of).toList();
	}

	@Test
	void newTargetsGetServicesWhileOldOnesDrain() {
		this.fixture.leases(30);
		this.fixture.pool.retarget(targets("d", "e", "f"));
		this.fixture.settle();
		assertThat(live()).containsExactlyInAnyOrder("d", "e", "f");
		assertThat(this.fixture.leases(30)).allMatch((lease) -> List.of("d", "e", "f").contains(lease.target().name()));
	}

	@Test
	void firstServicesAreCreatedAgainWhileDrainGoesOn() throws InterruptedException {
		List<Lease<String, String>> leases = this.fixture.leases(30);
		Waiter<String, String> waiter = this.fixture.ask();
		assertThat(this.fixture.pool.drain(Duration.ZERO)).isFalse();
		this.fixture.settle();
		assertThat(waiter.isSettled()).isTrue();
		assertThat(live()).containsExactlyInAnyOrder("a", "b", "c");
		assertThat(this.fixture.snapshot().size().draining()).isEqualTo(3);
		assertThat(leases).allMatch(Lease::succeed);
		this.fixture.settle();
		assertThat(this.fixture.snapshot().size().draining()).isZero();
	}

	@Test
	void servicesThatDrainForTooLongDoNotCount() {
		this.fixture.leases(30);
		this.fixture.pool.retarget(targets("d", "e", "f"));
		this.fixture.settle().pass(Duration.ofSeconds(31));
		this.fixture.leases(30);
		this.fixture.pool.retarget(targets("g", "h", "i"));
		this.fixture.settle();
		assertThat(live()).containsExactlyInAnyOrder("g", "h", "i");
	}

	@Test
	void atMostTwiceAsManyServicesExistBeforeTimeout() {
		this.fixture.leases(30);
		this.fixture.pool.retarget(targets("d", "e", "f"));
		this.fixture.settle();
		this.fixture.leases(30);
		this.fixture.pool.retarget(targets("g", "h", "i"));
		this.fixture.settle();
		assertThat(this.fixture.snapshot().size().total()).isEqualTo(6);
		this.fixture.pass(Duration.ofSeconds(31));
		assertThat(live()).containsExactlyInAnyOrder("g", "h", "i");
	}

	@Test
	void requestsOfDrainingServiceGoOnAfterTimeout() {
		List<Lease<String, String>> leases = this.fixture.leases(30);
		this.fixture.pool.retarget(targets("d"));
		this.fixture.pass(Duration.ofMinutes(5));
		assertThat(this.fixture.services.created.subList(0, 3)).allMatch((service) -> service.closes == 0);
		assertThat(leases).allMatch(Lease::succeed);
		this.fixture.settle();
		assertThat(this.fixture.services.created.subList(0, 3)).allMatch((service) -> service.closes == 1);
	}

	@Test
	void oldestDrainingServiceIsClosedWhenThereAreTooMany() {
		try (LogRecords log = new LogRecords()) {
			for (String target : List.of("d", "e", "f", "g")) {
				this.fixture.leases(30);
				this.fixture.pool.retarget(targets(target + "1", target + "2", target + "3"));
				this.fixture.settle().pass(Duration.ofSeconds(31));
			}
			assertThat(this.fixture.snapshot().size().total()).isEqualTo(6);
			assertThat(this.fixture.services.created.subList(0, 9)).allMatch((service) -> service.closes == 1);
			assertThat(log.messages()).first()
				.asString()
				.startsWith("WARNING Pool 'test': service 1 for a: closing with 10 requests in flight, because more"
						+ " than 3 services have been draining");
		}
	}

	@Test
	void servicesOfPoolWithoutSurgeOccupySlotsUntilTheyClose() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.targets(targets("a", "b", "c")).maxServices(3).maxConcurrency(10))
			.started()
			.settle();
		List<Lease<String, String>> leases = fixture.leases(30);
		fixture.pool.retarget(targets("d"));
		fixture.settle().pass(Duration.ofMinutes(5));
		assertThat(fixture.services.created).hasSize(3);
		leases.forEach(Lease::succeed);
		fixture.settle();
		assertThat(fixture.services.created).hasSize(4);
	}

	private List<String> live() {
		return this.fixture.snapshot()
			.services()
			.stream()
			.filter((service) -> service.state() != ServiceSnapshot.State.DRAINING)
			.map(ServiceSnapshot::target)
			.toList();
	}

}
