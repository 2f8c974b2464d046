package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.Lease;
import dev.servicepool.PoolClosedException;
import dev.servicepool.Readiness;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Leases that callers restrict to services of certain targets.
 */
class WantedTargetTests {

	private static final Target A = Target.of("a");

	private static final Target B = Target.of("b");

	private static final Target C = Target.of("c");

	private final PoolFixture fixture = fixture(new FakeServices());

	@Test
	void acquiresServiceOfAcceptedTarget() {
		for (int i = 0; i < 10; i++) {
			try (Lease<String, String> lease = this.fixture.pool.tryAcquire(B::equals)) {
				assertThat(lease.target()).isEqualTo(B);
				assertThat(this.fixture.snapshot().load().inFlight()).isOne();
			}
		}
	}

	@Test
	void acquiresLessLoadedOfTwoServices() {
		List<Lease<String, String>> leases = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			leases.add(this.fixture.pool.tryAcquire((target) -> !target.equals(A)));
		}
		assertThat(leases).extracting(Lease::target).containsOnly(B, C);
		assertThat(leases).extracting(Lease::target).filteredOn(B::equals).hasSize(2);
	}

	@Test
	void returnsNullWithoutPendingSampleWhenNoneIsReady() {
		double load = this.fixture.load();
		assertThat(this.fixture.pool.tryAcquire((target) -> false)).isNull();
		for (int i = 0; i < 5; i++) {
			assertThat(this.fixture.pool.tryAcquire(A::equals)).isNotNull();
		}
		assertThat(this.fixture.pool.tryAcquire(A::equals)).isNull();
		assertThat(this.fixture.load()).isLessThanOrEqualTo(load);
	}

	@Test
	void doesNotOvertakeWaitingCaller() {
		this.fixture.leases(15);
		this.fixture.ask();
		assertThat(this.fixture.pool.tryAcquire((target) -> true)).isNull();
	}

	@Test
	void doesNotProbeEjectedService() {
		for (int i = 0; i < 10; i++) {
			this.fixture.pool.tryAcquire(A::equals).fail(new IOException("down"));
		}
		this.fixture.after(Duration.ofSeconds(2));
		assertThat(this.fixture.pool.tryAcquire(A::equals)).isNull();
	}

	@Test
	void skipsPendingServiceAfterPoll() {
		PoolFixture polled = fixture(new FakeServices().polled());
		polled.services.get(0).readiness = Readiness.PENDING;
		assertThat(polled.pool.tryAcquire(A::equals)).isNull();
		assertThat(polled.pool.tryAcquire((target) -> !target.equals(C)).target()).isEqualTo(B);
	}

	@Test
	void throwsWhenPoolIsClosed() {
		this.fixture.pool.close();
		assertThatExceptionOfType(PoolClosedException.class)
			.isThrownBy(() -> this.fixture.pool.tryAcquire((target) -> true));
	}

	private static PoolFixture fixture(FakeServices services) {
		return PoolFixture.of(services, (pool) -> pool.targets(A, B, C).maxConcurrency(5).closeTimeout(Duration.ZERO))
			.started();
	}

}
