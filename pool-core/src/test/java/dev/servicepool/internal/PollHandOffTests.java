package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.PoolEvent.Type;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for events during a poll of a service. The permit is acquired for the poll, but
 * no caller has been served yet.
 */
class PollHandOffTests {

	private final PoolFixture fixture = PoolFixture
		.of(new FakeServices().polled(), (pool) -> pool.maxConcurrency(3).maxServices(1))
		.started();

	private final FakeService service = this.fixture.services.get(0);

	@Test
	void permitIsFreeWhenCallerAbandonsPoll() {
		this.service.readiness = Readiness.PENDING;
		Waiter<String, String> waiter = this.fixture.ask();
		duringNextPoll((pool) -> this.fixture.acquirer().abandon(waiter));
		this.service.becomeReady();
		this.fixture.settle();
		PoolSnapshot.ServiceSnapshot snapshot = this.fixture.snapshot().services().get(0);
		assertThat(snapshot.load().inFlight()).isZero();
		assertThat(snapshot.totals().calls()).as("nothing was sent").isZero();
		assertThat(this.fixture.leases(3)).hasSize(3);
	}

	@Test
	void serviceRetiredDuringPollClosesAfterPoll() {
		this.service.readiness = Readiness.PENDING;
		duringNextPoll(this::drain);
		this.fixture.miss();
		assertThat(this.service.closes).as("closes during the poll").isZero();
		this.fixture.settle();
		assertThat(this.service.closes).isOne();
	}

	@Test
	void serviceRetiredDuringPollClosesWhenPollFails() {
		this.service.pollFailure = new IOException("gone");
		duringNextPoll(this::drain);
		this.fixture.miss();
		this.fixture.settle();
		assertThat(this.service.closes).isOne();
	}

	@Test
	void serviceResumedDuringPollIsNotPolledConcurrently() {
		PoolFixture two = PoolFixture
			.of(new FakeServices().polled(), (pool) -> pool.targets(Target.of("a"), Target.of("b")).maxConcurrency(2))
			.started();
		Lease<String, String> other = two.pool.tryAcquire((target) -> target.name().equals("a"));
		two.pool.tryAcquire((target) -> target.name().equals("b"));
		two.pool.tryAcquire((target) -> target.name().equals("b"));
		FakeService polled = two.services.get(0);
		Waiter<?, ?>[] meanwhile = new Waiter<?, ?>[1];
		polled.duringPoll = () -> {
			polled.duringPoll = () -> {
			};
			other.pauseFor(Duration.ofSeconds(1));
			two.time.advance(Duration.ofSeconds(1));
			meanwhile[0] = two.ask();
			other.close();
		};
		int polls = polled.polls;
		two.lease();
		assertThat(two.decisions()).endsWith(Type.PAUSED, Type.RESUMED);
		assertThat(polled.polls).isEqualTo(polls + 1);
		two.settle();
		assertThat(meanwhile[0].isSettled()).isTrue();
	}

	@Test
	void wakeUpDuringPollCausesOneMorePoll() {
		this.service.readiness = Readiness.PENDING;
		duringNextPoll((pool) -> this.service.wakeUp.run());
		this.fixture.ask();
		int polls = this.service.polls;
		for (int task = 0; task < 10; task++) {
			this.fixture.executor.runNext();
		}
		assertThat(this.service.polls).isEqualTo(polls + 1);
	}

	@Test
	void callerOfPendingPollIsServedBeforeLaterCallers() {
		this.service.readiness = Readiness.PENDING;
		Waiter<?, ?>[] meanwhile = new Waiter<?, ?>[1];
		duringNextPoll((pool) -> meanwhile[0] = this.fixture.ask());
		Waiter<String, String> waiter = this.fixture.ask();
		this.service.becomeReady();
		this.fixture.executor.runNext();
		assertThat(waiter.isSettled()).isTrue();
		assertThat(meanwhile[0].isSettled()).isFalse();
	}

	@Test
	void interruptConsumedByPollIsKept() {
		this.service.pollFailure = new InterruptedException();
		this.fixture.miss();
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void pollForQueueIsNotLostWhenExecutorRejectsIt() {
		RejectingExecutorPool rejecting = new RejectingExecutorPool();
		rejecting.service.readiness = Readiness.PENDING;
		Waiter<String, String> waiter = rejecting.ask();
		rejecting.service.becomeReady();
		assertThat(waiter.isSettled()).isTrue();
	}

	@Test
	void wakeUpIsNotLostWhenExecutorRejectsIt() {
		RejectingExecutorPool rejecting = new RejectingExecutorPool();
		rejecting.service.readiness = Readiness.PENDING;
		rejecting.service.duringPoll = () -> rejecting.service.wakeUp.run();
		rejecting.meanwhile = () -> rejecting.service.readiness = Readiness.READY;
		assertThat(rejecting.ask().isSettled()).isTrue();
	}

	private void duringNextPoll(Consumer<Pool<String, String>> event) {
		this.service.duringPoll = () -> {
			this.service.duringPoll = () -> {
			};
			event.accept(this.fixture.pool);
		};
	}

	private void drain(Pool<String, String> pool) {
		try {
			pool.drain(Duration.ZERO);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A pool whose executor rejects all tasks after the first service was created. */
	private static final class RejectingExecutorPool {

		private final DefaultPool<String, String> pool;

		final FakeService service;

		private boolean rejects;

		/** Action that runs before the executor rejects a task. */
		Runnable meanwhile = () -> {
		};

		RejectingExecutorPool() {
			FakeServices services = new FakeServices().polled();
			this.pool = (DefaultPool<String, String>) Pool.builder()
				.maxServices(1)
				.executor(this::execute)
				.build(services);
			this.pool.start();
			this.rejects = true;
			this.service = services.get(0);
		}

		private void execute(Runnable task) {
			if (this.rejects) {
				this.meanwhile.run();
				throw new RejectedExecutionException("full");
			}
			task.run();
		}

		Waiter<String, String> ask() {
			return this.pool.acquirer().acquire(true);
		}

	}

}
