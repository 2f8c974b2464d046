package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.Lease;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The guard that vetoes the removal of a service that the pool would need again soon.
 */
class PoolHeadroomTests {

	private static final Duration WINDOW = Duration.ofSeconds(10);

	private final PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(10).maxServices(5)).started();

	@Test
	void serviceStaysForWindowWhenPeakNeededIt() {
		burst(15);
		assertThat(this.fixture.total()).isEqualTo(2);
		this.fixture.hit(10_000).settle();
		assertThat(this.fixture.total()).isEqualTo(2);
		this.fixture.after(WINDOW).hit(10_000).settle();
		assertThat(this.fixture.total()).as("one slice before the end of the window").isEqualTo(2);
		this.fixture.after(Duration.ofSeconds(1)).hit(1000).settle();
		assertThat(this.fixture.total()).isOne();
	}

	/** The load estimate becomes low in different parts of a burst. */
	@ParameterizedTest
	@ValueSource(ints = { 15, 17, 18, 20 })
	void burstsFurtherApartThanWindowKeepTheirServices(int callers) {
		burst(callers);
		for (int i = 0; i < 60; i++) {
			laterBurst(callers);
		}
		assertThat(this.fixture.total()).isEqualTo(2);
		assertThat(this.fixture.count(Type.RETIRED)).isZero();
	}

	/** Few bursts, which differ by chance, do not show how high the next one is. */
	@Test
	void serviceOfHighestBurstStaysForIdleTimeoutWhenTrafficIsSlow() {
		burst(20);
		for (int i = 0; i < 39; i++) {
			laterBurst(10);
			assertThat(this.fixture.total()).isEqualTo(2);
		}
		assertThat(this.fixture.snapshot().events().lastDecision().message())
			.isEqualTo("removal vetoed: peak of 20 concurrent requests within 10m (idleTimeout) requires 2 services");
		for (int i = 0; i < 20; i++) {
			laterBurst(10);
		}
		assertThat(this.fixture.total()).isOne();
	}

	@Test
	void slowTrafficRemovesServiceOfLastBurstAfterIdleTimeout() {
		burst(15);
		for (int i = 0; i < 800; i++) {
			this.fixture.after(Duration.ofSeconds(1)).hit(1);
		}
		assertThat(this.fixture.total()).isOne();
	}

	@Test
	void slowTrafficRemovesServiceOfLastBurstWithoutIdleTimeout() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.maxConcurrency(10).maxServices(5).idleTimeout(Duration.ZERO))
			.started()
			.scaleUp(2);
		for (int i = 0; i < 400; i++) {
			fixture.after(Duration.ofSeconds(1)).hit(1);
		}
		assertThat(fixture.total()).isOne();
	}

	@Test
	void vetoIsReportedOnceAndResetsLoadEstimate() {
		burst(15);
		this.fixture.hit(400);
		assertThat(this.fixture.load()).isGreaterThan(0.001);
		this.fixture.hit(10_000);
		assertThat(this.fixture.count(Type.VETOED)).isOne();
		assertThat(this.fixture.snapshot().events().lastDecision().message()).isEqualTo(
				"removal vetoed: peak of 15 concurrent requests within 10s (headroomWindow) requires 2 services");
	}

	@Test
	void waitingCallersCountTowardPeak() {
		burst(15);
		assertThat(this.fixture.snapshot().load().headroom()).isEqualTo(new PoolSnapshot.Headroom(WINDOW, 15));
	}

	@Test
	void callerThatFindsNoServiceCountsTowardPeak() {
		List<Lease<String, String>> leases = this.fixture.leases(10);
		this.fixture.miss();
		assertThat(this.fixture.snapshot().load().headroom().peak()).isEqualTo(11);
		leases.forEach(Lease::succeed);
	}

	@Test
	void demandOfQuickRequestsIsTrackedWithoutLock() {
		burst(15);
		this.fixture.after(Duration.ofMinutes(1));
		assertThat(this.fixture.snapshot().load().headroom().peak()).isZero();
		List<Lease<String, String>> leases = this.fixture.leases(12);
		this.fixture.hit(300);
		leases.forEach(Lease::succeed);
		assertThat(this.fixture.snapshot().load().headroom().peak()).isBetween(12, 13);
	}

	@Test
	void longRequestsCountTowardPeakUntilTheyEnd() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(10)).started().scaleUp(3);
		List<Lease<String, String>> leases = fixture.leases(23);
		fixture.hit(300).after(Duration.ofMinutes(1));
		leases.forEach(Lease::succeed);
		fixture.hit(700).settle();
		assertThat(fixture.total()).isEqualTo(3);
		fixture.after(Duration.ofSeconds(12)).hit(700).settle();
		assertThat(fixture.total()).isLessThan(3);
	}

	@Test
	void requestsOfDrainingServicesCountTowardPeak() throws InterruptedException {
		List<Lease<String, String>> leases = this.fixture.leases(5);
		this.fixture.pool.drain(Duration.ZERO);
		this.fixture.miss();
		assertThat(this.fixture.snapshot().load().headroom().peak()).isEqualTo(6);
		leases.forEach(Lease::succeed);
	}

	@Test
	void regrettedRemovalDoublesWindow() {
		burst(15);
		this.fixture.after(Duration.ofSeconds(11)).hit(1000).settle();
		assertThat(this.fixture.total()).isOne();
		burst(18);
		assertThat(this.fixture.total()).isEqualTo(2);
		assertThat(this.fixture.snapshot().load().headroom().window()).isEqualTo(WINDOW.multipliedBy(2));
	}

	@Test
	void removalNeedsTwoReadyServicesWithoutConcurrencyLimit() {
		PoolFixture fixture = PoolFixture.of(new FakeServices().polled(), (pool) -> pool.maxServices(2)).started();
		FakeService first = fixture.services.get(0);
		first.readiness = Readiness.PENDING;
		fixture.miss(5).settle();
		assertThat(fixture.total()).isEqualTo(2);
		fixture.hit(1000).settle();
		assertThat(fixture.total()).as("only one service is ready").isEqualTo(2);
		assertThat(fixture.snapshot().events().lastDecision().message())
			.isEqualTo("removal vetoed: in the last 10s (headroomWindow), a caller found fewer than 2 services ready");
		first.becomeReady();
		fixture.hit(1000).settle();
		assertThat(fixture.total()).as("two services are ready for less than the window").isEqualTo(2);
		fixture.after(WINDOW).hit(1000).settle();
		assertThat(fixture.total()).isOne();
	}

	/** Serve this number of concurrent callers, later than one window. */
	private void laterBurst(int callers) {
		this.fixture.after(WINDOW.plusSeconds(5));
		List<Lease<String, String>> leases = this.fixture.leases(callers);
		this.fixture.after(Duration.ofMillis(20)).tick();
		leases.forEach(Lease::succeed);
		this.fixture.tick();
	}

	/** Serve this number of callers that wait concurrently. */
	private void burst(int callers) {
		List<Waiter<String, String>> waiters = new ArrayList<>();
		for (int i = 0; i < callers; i++) {
			waiters.add(this.fixture.ask());
		}
		this.fixture.settle();
		waiters.forEach((waiter) -> this.fixture.lease(waiter).succeed());
		this.fixture.snapshot();
	}

}
