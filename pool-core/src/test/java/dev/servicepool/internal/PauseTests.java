package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.Lease;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for services whose server asked for a pause.
 */
class PauseTests {

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
			.maxConcurrency(10)
			.loadMetric(LoadMetric.constant())
			.idleTimeout(Duration.ZERO))
		.started();

	@Test
	void pausedServiceReceivesNoRequestUntilPauseEnds() {
		leaseOf("a").pauseFor(Duration.ofSeconds(5));
		assertThat(this.fixture.state("a")).isEqualTo(State.PAUSED);
		this.fixture.after(Duration.ofSeconds(5).minusNanos(1));
		this.fixture.leases(10).forEach((lease) -> assertThat(lease.target().name()).isEqualTo("b"));
		this.fixture.miss();
		this.fixture.after(Duration.ofNanos(1));
		assertThat(this.fixture.lease().target().name()).isEqualTo("a");
	}

	@Test
	void snapshotAndEventsShowPause() {
		leaseOf("a").pauseFor(Duration.ofSeconds(5));
		this.fixture.after(Duration.ofSeconds(1));
		assertThat(this.fixture.snapshot().services().get(0).suspension())
			.isEqualTo(new PoolSnapshot.Suspension(Duration.ofSeconds(4), "pause requested by its server"));
		assertThat(this.fixture.snapshot().size()).isEqualTo(new PoolSnapshot.Size(1, 0, 0, 1, 0, 0, 0, 0));
		this.fixture.after(Duration.ofSeconds(4));
		assertThat(this.fixture.decisions()).endsWith(Type.PAUSED, Type.RESUMED);
		assertThat(this.fixture.events.get(this.fixture.events.size() - 2).message())
			.isEqualTo("requested by its server; paused for 5s");
	}

	@Test
	void pauseLastsAtMostThirtySeconds() {
		leaseOf("a").pauseFor(Duration.ofDays(1000));
		this.fixture.after(Duration.ofSeconds(30).minusNanos(1));
		assertThat(this.fixture.state("a")).isEqualTo(State.PAUSED);
		this.fixture.after(Duration.ofNanos(1));
		assertThat(this.fixture.state("a")).isEqualTo(State.READY);
	}

	@Test
	void latestEndOfPauseCounts() {
		Lease<String, String> one = leaseOf("a");
		Lease<String, String> other = leaseOf("a");
		one.pauseFor(Duration.ofSeconds(5));
		this.fixture.after(Duration.ofSeconds(1));
		other.pauseFor(Duration.ofSeconds(10));
		one.pauseFor(Duration.ofSeconds(2));
		this.fixture.after(Duration.ofSeconds(9));
		assertThat(this.fixture.state("a")).isEqualTo(State.PAUSED);
		this.fixture.after(Duration.ofSeconds(1));
		assertThat(this.fixture.state("a")).isEqualTo(State.READY);
	}

	@Test
	void pauseIsIgnoredWithoutDurationOrAfterEnd() {
		Lease<String, String> lease = leaseOf("a");
		lease.pauseFor(Duration.ZERO);
		lease.pauseFor(Duration.ofSeconds(-1));
		lease.succeed();
		lease.pauseFor(Duration.ofSeconds(5));
		assertThat(this.fixture.state("a")).isEqualTo(State.READY);
	}

	@Test
	void callersThatWouldWaitUsePausedServicesInOrder() {
		PoolFixture three = PoolFixture
			.of((pool) -> pool.targets(Target.of("a"), Target.of("b"), Target.of("c"))
				.maxConcurrency(10)
				.loadMetric(LoadMetric.constant()))
			.started();
		leaseOf(three, "a").pauseFor(Duration.ofSeconds(7));
		leaseOf(three, "b").pauseFor(Duration.ofSeconds(5));
		three.leases(10).forEach((lease) -> assertThat(lease.target().name()).isEqualTo("c"));
		double load = three.load();
		for (int i = 0; i < 9; i++) {
			assertThat(three.lease(three.ask()).target().name()).isEqualTo("b");
		}
		for (int i = 0; i < 9; i++) {
			assertThat(three.lease(three.ask()).target().name()).isEqualTo("a");
		}
		assertThat(three.load()).isLessThanOrEqualTo(load);
		assertThat(three.snapshot().size().paused()).isEqualTo(2);
	}

	@Test
	void permitOfPausedServiceServesWaiter() {
		Lease<String, String> pausing = leaseOf("a");
		pausing.pauseFor(Duration.ofSeconds(5));
		this.fixture.leases(10);
		List<Waiter<String, String>> waiters = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			waiters.add(this.fixture.ask());
		}
		assertThat(waiters.get(8).isSettled()).isTrue();
		assertThat(waiters.get(9).isSettled()).isFalse();
		pausing.succeed();
		assertThat(this.fixture.lease(waiters.get(9)).target().name()).isEqualTo("a");
	}

	@Test
	void noServiceIsPausedWhenAllTargetsAre() {
		leaseOf("a").pauseFor(Duration.ofSeconds(7));
		leaseOf("b").pauseFor(Duration.ofSeconds(5));
		assertThat(this.fixture.state("a")).isEqualTo(State.READY);
		assertThat(this.fixture.state("b")).isEqualTo(State.READY);
		assertThat(this.fixture.decisions()).endsWith(Type.PAUSED, Type.RESUMED);
		assertThat(this.fixture.events.get(this.fixture.events.size() - 1).message())
			.isEqualTo("all targets are paused");
	}

	@Test
	void onlyTargetIsNeverPaused() {
		PoolFixture one = PoolFixture.of((pool) -> pool.maxConcurrency(2).minServices(2)).started();
		one.lease().pauseFor(Duration.ofSeconds(7));
		assertThat(one.snapshot().size().ready()).isEqualTo(2);
		assertThat(one.decisions()).doesNotContain(Type.PAUSED);
	}

	@Test
	void pauseEndsWhenOtherTargetIsRemoved() {
		leaseOf("a").pauseFor(Duration.ofSeconds(30));
		this.fixture.pool.retarget(List.of(Target.of("a")));
		assertThat(this.fixture.lease().target().name()).isEqualTo("a");
	}

	@Test
	void polledServiceIsPolledBeforePausedUse() {
		PoolFixture polled = PoolFixture
			.of(new FakeServices().polled(),
					(pool) -> pool.targets(Target.of("a"), Target.of("b"))
						.maxConcurrency(1)
						.loadMetric(LoadMetric.constant()))
			.started();
		Lease<String, String> pausing = leaseOf(polled, "a");
		pausing.pauseFor(Duration.ofSeconds(30));
		pausing.close();
		polled.lease();
		int polls = polled.services.get(0).polls;
		Waiter<String, String> waiter = polled.ask();
		polled.settle();
		assertThat(polled.services.get(0).polls).isEqualTo(polls + 1);
		assertThat(polled.lease(waiter).target().name()).isEqualTo("a");
	}

	@Test
	void newServicesAreCreatedForOtherTargets() {
		leaseOf("a").pauseFor(Duration.ofSeconds(30));
		this.fixture.leases(10);
		for (int i = 0; i < 20; i++) {
			this.fixture.ask();
		}
		this.fixture.settle();
		assertThat(this.fixture.services.targets.subList(2, this.fixture.services.targets.size())).isNotEmpty()
			.containsOnly(Target.of("b"));
	}

	@Test
	void failureOfPausingRequestDoesNotEjectService() {
		for (int i = 0; i < 20; i++) {
			Lease<String, String> lease = leaseOf("a");
			lease.pauseFor(Duration.ofSeconds(1));
			lease.fail(new IOException("503"));
			this.fixture.after(Duration.ofSeconds(1));
		}
		assertThat(this.fixture.state("a")).isEqualTo(State.READY);
		assertThat(this.fixture.snapshot().totals().calls().ignored()).isEqualTo(20);
	}

	@Test
	void ejectedServiceIsNotProbedBeforePauseEnds() {
		Lease<String, String> pausing = leaseOf("a");
		while (this.fixture.state("a") != State.EJECTED) {
			leaseOf("a").fail(new IOException("down"));
		}
		pausing.pauseFor(Duration.ofSeconds(5));
		this.fixture.after(Duration.ofSeconds(4));
		assertThat(this.fixture.lease().target().name()).isEqualTo("b");
		this.fixture.after(Duration.ofSeconds(1));
		assertThat(this.fixture.lease().target().name()).isEqualTo("a");
	}

	private Lease<String, String> leaseOf(String target) {
		return leaseOf(this.fixture, target);
	}

	private static Lease<String, String> leaseOf(PoolFixture fixture, String target) {
		List<Lease<String, String>> others = new ArrayList<>();
		Lease<String, String> lease = fixture.lease();
		while (!lease.target().name().equals(target)) {
			others.add(lease);
			lease = fixture.lease();
		}
		others.forEach(Lease::succeed);
		return lease;
	}

}
