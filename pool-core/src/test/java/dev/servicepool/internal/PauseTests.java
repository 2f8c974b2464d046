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
		assertThat(state("a")).isEqualTo(State.PAUSED);
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
		assertThat(state("a")).isEqualTo(State.PAUSED);
		this.fixture.after(Duration.ofNanos(1));
		assertThat(state("a")).isEqualTo(State.READY);
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
		assertThat(state("a")).isEqualTo(State.PAUSED);
		this.fixture.after(Duration.ofSeconds(1));
		assertThat(state("a")).isEqualTo(State.READY);
	}

	@Test
	void pauseIsIgnoredWithoutDurationOrAfterEnd() {
		Lease<String, String> lease = leaseOf("a");
		lease.pauseFor(Duration.ZERO);
		lease.pauseFor(Duration.ofSeconds(-1));
		lease.succeed();
		lease.pauseFor(Duration.ofSeconds(5));
		assertThat(state("a")).isEqualTo(State.READY);
	}

	@Test
	void waitersAreServedByFirstResumedServiceAndAddNoLoad() {
		leaseOf("a").pauseFor(Duration.ofSeconds(7));
		leaseOf("b").pauseFor(Duration.ofSeconds(5));
		double load = this.fixture.load();
		List<Waiter<String, String>> waiting = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			waiting.add(this.fixture.ask());
		}
		this.fixture.after(Duration.ofSeconds(5).minusNanos(1));
		assertThat(waiting).noneMatch(Waiter::isSettled);
		assertThat(this.fixture.load()).isEqualTo(load);
		this.fixture.after(Duration.ofNanos(1));
		assertThat(waiting).allMatch(Waiter::isSettled);
		assertThat(this.fixture.lease(waiting.get(0)).target().name()).isEqualTo("b");
		assertThat(this.fixture.total()).isEqualTo(2);
	}

	@Test
	void poolDoesNotScaleUpWhenAllServicesArePaused() {
		leaseOf("a").pauseFor(Duration.ofSeconds(7));
		leaseOf("b").pauseFor(Duration.ofSeconds(7));
		double load = this.fixture.load();
		for (int i = 0; i < 100; i++) {
			this.fixture.ask();
		}
		this.fixture.settle();
		assertThat(this.fixture.total()).isEqualTo(2);
		assertThat(this.fixture.load()).isEqualTo(load);
	}

	@Test
	void overloadedPoolDoesNotScaleUpForPausedTarget() {
		PoolFixture one = PoolFixture.of((pool) -> pool.maxConcurrency(2).minServices(2)).started();
		one.lease().pauseFor(Duration.ofSeconds(7));
		one.leases(2);
		for (int i = 0; i < 100; i++) {
			one.ask();
		}
		one.settle();
		assertThat(one.total()).isEqualTo(2);
		assertThat(one.count(Type.VETOED)).isOne();
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
		assertThat(state("a")).isEqualTo(State.READY);
		assertThat(this.fixture.snapshot().totals().calls().ignored()).isEqualTo(20);
	}

	@Test
	void ejectedServiceIsNotProbedBeforePauseEnds() {
		List<Lease<String, String>> leases = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			leases.add(leaseOf("a"));
		}
		leaseOf("a").pauseFor(Duration.ofSeconds(5));
		leases.forEach((lease) -> lease.fail(new IOException("down")));
		assertThat(state("a")).isEqualTo(State.EJECTED);
		this.fixture.after(Duration.ofSeconds(4));
		assertThat(this.fixture.lease().target().name()).isEqualTo("b");
		this.fixture.after(Duration.ofSeconds(1));
		assertThat(this.fixture.lease().target().name()).isEqualTo("a");
	}

	@Test
	void serviceReadmittedDuringPauseServesCallersAfterIt() {
		Lease<String, String> pausing = leaseOf("a");
		for (int i = 0; i < 5; i++) {
			leaseOf("a").fail(new IOException("down"));
		}
		assertThat(state("a")).isEqualTo(State.EJECTED);
		pausing.pauseFor(Duration.ofSeconds(20));
		pausing.close();
		Lease<String, String> other = leaseOf("b");
		this.fixture.leases(9);
		other.pauseFor(Duration.ofSeconds(1));
		Waiter<String, String> waiting = this.fixture.ask();
		assertThat(state("a")).as("readmitted for the waiting caller").isEqualTo(State.PAUSED);
		this.fixture.after(Duration.ofSeconds(20).minusNanos(1));
		assertThat(waiting.isSettled()).isFalse();
		assertThat(state("a")).isEqualTo(State.PAUSED);
		this.fixture.after(Duration.ofNanos(1));
		assertThat(this.fixture.lease(waiting).target().name()).isEqualTo("a");
	}

	private Lease<String, String> leaseOf(String target) {
		List<Lease<String, String>> others = new ArrayList<>();
		Lease<String, String> lease = this.fixture.lease();
		while (!lease.target().name().equals(target)) {
			others.add(lease);
			lease = this.fixture.lease();
		}
		others.forEach(Lease::close);
		return lease;
	}

	private State state(String target) {
		return this.fixture.snapshot()
			.services()
			.stream()
			.filter((service) -> service.target().equals(target))
			.findFirst()
			.orElseThrow()
			.state();
	}

}
