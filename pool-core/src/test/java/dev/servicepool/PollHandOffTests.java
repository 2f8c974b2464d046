package dev.servicepool;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happens while a service is being asked whether it is ready. Its place is taken for
 * that time, and nobody is served by it yet.
 */
class PollHandOffTests {

	private final PoolFixture fixture = PoolFixture
		.of(new FakeServices().polled(), (pool) -> pool.maxConcurrency(3).maxServices(1))
		.started();

	private final FakeService service = this.fixture.services.get(0);

	@Test
	void theOneItIsAskedForCanGoAwayAndItsPlaceIsFreeAgain() {
		this.service.readiness = Readiness.PENDING;
		Waiter<String, String> waiter = this.fixture.ask();
		duringThePoll((pool) -> this.fixture.engine().abandon(waiter));
		this.service.becomeReady();
		this.fixture.settle();
		PoolSnapshot.ServiceSnapshot member = this.fixture.snapshot().services().get(0);
		assertThat(member.inFlight()).isZero();
		assertThat(member.calls()).as("nothing was sent").isZero();
		assertThat(this.fixture.leases(3)).hasSize(3);
	}

	@Test
	void aServiceThatIsRetiredMeanwhileClosesWhenItHasAnswered() {
		this.service.readiness = Readiness.PENDING;
		duringThePoll(this::drain);
		this.fixture.miss();
		assertThat(this.service.closes).as("not while it is being asked").isZero();
		this.fixture.settle();
		assertThat(this.service.closes).isOne();
	}

	@Test
	void aServiceThatIsRetiredMeanwhileClosesWhenItHasFailedToAnswer() {
		this.service.pollFailure = new IOException("gone");
		duringThePoll(this::drain);
		this.fixture.miss();
		this.fixture.settle();
		assertThat(this.service.closes).isOne();
	}

	@Test
	void aServiceThatIsTakenBackMeanwhileIsNotAskedByAnotherAsWell() {
		Lease<String, String> other = this.fixture.lease();
		Waiter<?, ?>[] meanwhile = new Waiter<?, ?>[1];
		duringThePoll((pool) -> {
			other.pauseFor(Duration.ofSeconds(1));
			this.fixture.time.advance(Duration.ofSeconds(1));
			meanwhile[0] = this.fixture.ask();
		});
		int polls = this.service.polls;
		this.fixture.lease();
		assertThat(this.fixture.decisions()).endsWith(Type.PAUSED, Type.RESUMED);
		assertThat(this.service.polls).isEqualTo(polls + 1);
		this.fixture.settle();
		assertThat(meanwhile[0].isSettled()).isTrue();
	}

	@Test
	void aWakeUpThatCameMeanwhileIsTakenOnce() {
		this.service.readiness = Readiness.PENDING;
		duringThePoll((pool) -> this.service.wakeUp.run());
		this.fixture.ask();
		int polls = this.service.polls;
		for (int task = 0; task < 10; task++) {
			this.fixture.executor.runNext();
		}
		assertThat(this.service.polls).isEqualTo(polls + 1);
	}

	@Test
	void whoeverAskedForItselfInVainGoesBeforeThoseWhoCameMeanwhile() {
		this.service.readiness = Readiness.PENDING;
		Waiter<?, ?>[] meanwhile = new Waiter<?, ?>[1];
		duringThePoll((pool) -> meanwhile[0] = this.fixture.ask());
		Waiter<String, String> waiter = this.fixture.ask();
		this.service.becomeReady();
		this.fixture.executor.runNext();
		assertThat(waiter.isSettled()).isTrue();
		assertThat(meanwhile[0].isSettled()).isFalse();
	}

	@Test
	void anInterruptOfWhoeverAsksIsKept() {
		this.service.pollFailure = new InterruptedException();
		this.fixture.miss();
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void aPollForTheQueueThatTheExecutorDoesNotTakeIsNotLost() {
		Refusing refusing = new Refusing();
		refusing.service.readiness = Readiness.PENDING;
		Waiter<String, String> waiter = refusing.ask();
		refusing.service.becomeReady();
		assertThat(waiter.isSettled()).isTrue();
	}

	@Test
	void aWakeUpThatTheExecutorDoesNotTakeIsNotLost() {
		Refusing refusing = new Refusing();
		refusing.service.readiness = Readiness.PENDING;
		refusing.service.duringPoll = () -> refusing.service.wakeUp.run();
		refusing.meanwhile = () -> refusing.service.readiness = Readiness.READY;
		assertThat(refusing.ask().isSettled()).isTrue();
	}

	private void duringThePoll(Consumer<Pool<String, String>> event) {
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

	/** A pool whose executor takes nothing any more, once there is a service. */
	private static final class Refusing {

		private final DefaultPool<String, String> pool;

		final FakeService service;

		private boolean rejects;

		/** Runs before it refuses a task. */
		Runnable meanwhile = () -> {
		};

		Refusing() {
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
			return this.pool.engine().ask(true);
		}

	}

}
