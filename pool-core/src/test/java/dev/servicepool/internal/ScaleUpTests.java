package dev.servicepool.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.PoolEvent.Type;
import dev.servicepool.ScaleUp;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the number of services that the pool creates when the load is high. Each
 * service accepts two requests.
 */
class ScaleUpTests {

	private static final Target A = Target.of("a");

	private static final Target B = Target.of("b");

	private final PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(2)).started();

	@Test
	void createsAsManyServicesAsCallersNeed() {
		full(this.fixture, 8);
		ask(this.fixture, 6);
		assertThat(creating(this.fixture)).isEqualTo(3);
		this.fixture.settle();
		assertThat(this.fixture.total()).isEqualTo(11);
		assertThat(this.fixture.snapshot().load().waiting()).isZero();
	}

	@Test
	void sizeAtMostTriplesPerRound() {
		ask(this.fixture, 40);
		List<Integer> sizes = new ArrayList<>();
		for (int creations = creating(this.fixture); creations > 0; creations = creating(this.fixture)) {
			for (int i = 0; i < creations; i++) {
				this.fixture.executor.runNext();
			}
			sizes.add(this.fixture.total());
		}
		assertThat(sizes).containsExactly(3, 9, 20);
		assertThat(this.fixture.snapshot().load().waiting()).isZero();
	}

	@Test
	void laterCallersCauseFurtherCreations() {
		full(this.fixture, 8);
		ask(this.fixture, 4);
		assertThat(creating(this.fixture)).isEqualTo(2);
		ask(this.fixture, 4);
		assertThat(creating(this.fixture)).isEqualTo(4);
	}

	@Test
	void sizeNeverExceedsMaximum() {
		PoolFixture limited = PoolFixture.of((pool) -> pool.maxConcurrency(2).maxServices(6)).started();
		full(limited, 4);
		ask(limited, 40);
		assertThat(creating(limited)).isEqualTo(2);
		limited.settle();
		assertThat(limited.total()).isEqualTo(6);
	}

	@Test
	void singleServiceIsCreatedIfConfigured() {
		PoolFixture single = PoolFixture.of((pool) -> pool.maxConcurrency(2).scaleUp(ScaleUp.SINGLE)).started();
		full(single, 4);
		ask(single, 40);
		assertThat(creating(single)).isOne();
	}

	@Test
	void singleServiceIsCreatedIfConcurrencyIsUnlimited() {
		FakeServices services = new FakeServices().polled();
		PoolFixture unlimited = PoolFixture.of(services, (pool) -> pool).started();
		ask(unlimited, 40);
		assertThat(creating(unlimited)).isLessThanOrEqualTo(1);
	}

	@Test
	void newServicesAreSpreadOverTargets() {
		PoolFixture targets = PoolFixture.of((pool) -> pool.maxConcurrency(2).targets(A, B)).started();
		full(targets, 4);
		ask(targets, 8);
		targets.settle();
		assertThat(targets.services.targets).filteredOn(A::equals).hasSize(4);
		assertThat(targets.services.targets).filteredOn(B::equals).hasSize(4);
	}

	@Test
	void failedCreationEndsNoOtherAndIsRepeated() {
		full(this.fixture, 4);
		this.fixture.services.creations(FakeServices.ok(), FakeServices.fails(new IOException("down")),
				FakeServices.ok(), FakeServices.ok());
		ask(this.fixture, 8);
		this.fixture.settle();
		assertThat(this.fixture.count(Type.CREATION_FAILED)).isOne();
		assertThat(this.fixture.total()).isEqualTo(8);
	}

	@Test
	void creationsOfRemovedTargetAreAbandoned() {
		PoolFixture targets = PoolFixture.of((pool) -> pool.maxConcurrency(2).targets(A, B)).started();
		full(targets, 4);
		ask(targets, 8);
		targets.pool.retarget(List.of(A));
		assertThat(creating(targets)).isEqualTo(2);
		targets.settle();
		assertThat(targets.snapshot().services()).filteredOn((service) -> service.target().equals("b"))
			.allSatisfy((service) -> assertThat(service.state().toString()).isEqualTo("DRAINING"));
	}

	/** Scale up to a number of services, and use all of their permits. */
	private static void full(PoolFixture fixture, int services) {
		fixture.scaleUp(services);
		fixture.leases(2 * services);
		assertThat(fixture.total()).isEqualTo(services);
	}

	private static void ask(PoolFixture fixture, int callers) {
		for (int i = 0; i < callers; i++) {
			fixture.ask();
		}
	}

	private static int creating(PoolFixture fixture) {
		return fixture.pool.snapshot().size().creating();
	}

}
