package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;

import dev.servicepool.Lease;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Services that are polled for their readiness.
 */
class PoolReadinessTests {

	private final PoolFixture fixture = PoolFixture
		.of(new FakeServices().polled(), (pool) -> pool.maxConcurrency(3).maxServices(1))
		.started();

	private final FakeService service = this.fixture.services.get(0);

	@Test
	void alwaysReadyServiceIsPolledOnce() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(3)).started();
		fixture.hit(100);
		assertThat(fixture.services.get(0).polls).isOne();
	}

	@Test
	void otherServiceIsPolledBeforeEachCall() {
		int before = this.service.polls;
		this.fixture.hit(10);
		assertThat(this.service.polls).isEqualTo(before + 10);
	}

	@Test
	void serviceAtItsLimitIsNotPolled() {
		this.fixture.leases(3);
		int polls = this.service.polls;
		this.fixture.miss();
		assertThat(this.service.polls).isEqualTo(polls);
	}

	@Test
	void pendingPollReleasesPermitAndCountsAsPendingSample() {
		this.service.readiness = Readiness.PENDING;
		this.fixture.miss();
		PoolSnapshot snapshot = this.fixture.snapshot();
		assertThat(snapshot.load().inFlight()).isZero();
		assertThat(snapshot.size().pending()).isOne();
		assertThat(snapshot.services().get(0).state()).isEqualTo(PoolSnapshot.ServiceSnapshot.State.PENDING);
		assertThat(snapshot.services().get(0).totals().calls()).isZero();
		assertThat(snapshot.load().estimate()).isCloseTo(0.127, within(1e-12));
	}

	@Test
	void pendingServiceIsNotPolledUntilWakeUp() {
		this.service.readiness = Readiness.PENDING;
		this.fixture.miss();
		int polls = this.service.polls;
		this.fixture.miss(10);
		assertThat(this.service.polls).isEqualTo(polls);
		this.service.becomeReady();
		this.fixture.lease();
		assertThat(this.service.polls).isEqualTo(polls + 1);
	}

	@Test
	void wakeUpPollsForEachWaitingCaller() {
		this.service.readiness = Readiness.PENDING;
		Waiter<String, String> first = this.fixture.ask();
		Waiter<String, String> second = this.fixture.ask();
		int polls = this.service.polls;
		this.service.becomeReady();
		assertThat(first.isSettled()).as("polls for the wait queue run on the executor").isFalse();
		this.fixture.settle();
		assertThat(first.isSettled()).isTrue();
		assertThat(second.isSettled()).isTrue();
		assertThat(this.service.polls).isEqualTo(polls + 2);
		assertThat(this.fixture.snapshot().load().inFlight()).isEqualTo(2);
	}

	@Test
	void wakeUpDuringPollCausesOneMorePoll() {
		this.service.readiness = Readiness.PENDING;
		this.service.duringPoll = () -> {
			this.service.duringPoll = () -> {
			};
			this.service.wakeUp.run();
		};
		Waiter<String, String> waiter = this.fixture.ask();
		int polls = this.service.polls;
		assertThat(waiter.isSettled()).isFalse();
		this.service.readiness = Readiness.READY;
		this.fixture.settle();
		assertThat(waiter.isSettled()).isTrue();
		assertThat(this.service.polls).isEqualTo(polls + 1);
	}

	@Test
	void wakeUpInEveryPollDoesNotBlockCaller() {
		this.service.readiness = Readiness.PENDING;
		this.service.duringPoll = () -> this.service.wakeUp.run();
		Waiter<String, String> waiter = this.fixture.ask();
		for (int i = 0; i < 100; i++) {
			this.fixture.executor.runNext();
		}
		assertThat(waiter.isSettled()).isFalse();
		this.fixture.acquirer().giveUp(waiter);
		assertThat(waiter.isSettled()).isTrue();
		this.fixture.settle();
	}

	@Test
	void wakeUpsAreAllowedAtAnyTimeAndTwice() {
		Runnable wakeUp = this.service.wakeUp;
		wakeUp.run();
		Lease<String, String> lease = this.fixture.lease();
		wakeUp.run();
		wakeUp.run();
		lease.succeed();
		this.service.pollFailure = new IOException("gone");
		this.fixture.miss().settle();
		wakeUp.run();
		this.fixture.settle();
		assertThat(this.fixture.total()).isOne();
		assertThat(this.service.closes).isOne();
	}

	@Test
	void callerDuringPollIsSampledWhenPollEnds() {
		Waiter<?, ?>[] during = new Waiter<?, ?>[1];
		double[] load = new double[1];
		this.service.duringPoll = () -> {
			this.service.duringPoll = () -> {
			};
			during[0] = this.fixture.ask();
			load[0] = this.fixture.load();
		};
		this.fixture.lease();
		assertThat(load[0]).as("load estimate during the poll").isEqualTo(0.1);
		this.fixture.settle();
		assertThat(during[0].isSettled()).isTrue();
		assertThat(this.fixture.load()).as("two ready samples, no pending sample")
			.isCloseTo(0.1 * 0.97 * 0.97, within(1e-12));
	}

	@Test
	void failedPollEvictsServiceAfterItsLastRequest() {
		Lease<String, String> lease = this.fixture.lease();
		this.service.pollFailure = new IOException("gone");
		this.fixture.miss();
		assertThat(this.fixture.total()).isZero();
		assertThat(this.service.closes).as("closes before its last request has ended").isZero();
		lease.succeed();
		this.fixture.settle();
		assertThat(this.service.closes).isOne();
		assertThat(this.fixture.snapshot().totals().creations().evicted()).isOne();
		assertThat(this.fixture.total()).as("services after the slot is free").isOne();
	}

	@Test
	void nullReadinessEvictsService() {
		this.fixture.hit(1);
		this.service.readiness = null;
		this.fixture.miss();
		assertThat(this.fixture.events).anySatisfy((event) -> {
			assertThat(event.type()).isEqualTo(Type.EVICTED);
			assertThat(event.message()).contains("Service.pollReady must return a Readiness but returned null");
		});
	}

	@Test
	void serviceEvictedBeforeFirstCallIsReplacedAfterBackoff() {
		this.service.pollFailure = new IOException("gone");
		this.fixture.services.each((service) -> service.readiness = Readiness.READY);
		this.fixture.miss().settle();
		assertThat(this.fixture.services.targets).hasSize(1);
		this.fixture.after(Duration.ofMillis(100));
		assertThat(this.fixture.services.targets).hasSize(2);
	}

	@Test
	void newPendingServiceJoinsAndWaitsForWakeUp() {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().each((service) -> service.readiness = Readiness.PENDING), (pool) -> pool);
		Waiter<String, String> waiter = fixture.ask();
		fixture.settle();
		assertThat(fixture.total()).isOne();
		assertThat(waiter.isSettled()).isFalse();
		fixture.services.get(0).becomeReady();
		fixture.settle();
		assertThat(waiter.isSettled()).isTrue();
	}

}
