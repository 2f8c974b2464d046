package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import dev.servicepool.Lease;
import dev.servicepool.NoServiceException;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.Service;
import dev.servicepool.Target;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the creation of services, and for the callers that wait for a creation.
 */
@Timeout(30)
class CreationTests {

	private static final Duration CREATE_TIMEOUT = Duration.ofSeconds(10);

	private static final IOException NO_ROUTE = new IOException("no route");

	@Test
	void creationFailsWhenFactoryReturnsNull() {
		PoolFixture fixture = failing(FakeServices.returnsNull());
		assertThat(fixture.snapshot().events().lastDecision().type()).isEqualTo(Type.CREATION_FAILED);
		assertThat(fixture.snapshot().events().lastDecision().message())
			.isEqualTo("for test: java.lang.IllegalStateException: ServiceFactory.create must return a service but"
					+ " returned null");
		assertThat(fixture.snapshot().totals().creations().failed()).isOne();
	}

	@Test
	void creationFailsWhenFactoryThrows() {
		PoolFixture fixture = failing(FakeServices.fails(NO_ROUTE));
		assertThat(fixture.decisions()).containsExactly(Type.CREATION_FAILED);
		assertThat(fixture.snapshot().events().lastDecision().message())
			.isEqualTo("for test: java.io.IOException: no route");
		assertThat(fixture.snapshot().totals().creations()).isEqualTo(new PoolSnapshot.Creations(1, 0, 1, 0, 0, 0, 0));
		assertThat(fixture.total()).isZero();
	}

	@Test
	void creationFailsWhenFactoryThrowsError() {
		Error error = new NoClassDefFoundError("dev/Missing");
		PoolFixture fixture = failing((service) -> {
			throw error;
		});
		assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> fixture.lease(fixture.ask()))
			.withCause(error);
		fixture.after(Duration.ofMillis(100));
		assertThat(fixture.total()).as("services after the second attempt").isOne();
	}

	@Test
	void creationFailsWhenFirstPollFails() {
		FakeServices services = new FakeServices().polled().creations((service) -> {
			service.pollFailure = NO_ROUTE;
			return service;
		});
		PoolFixture fixture = PoolFixture.of(services, (pool) -> pool).started();
		assertThat(fixture.decisions()).containsExactly(Type.CREATION_FAILED);
		assertThat(fixture.snapshot().totals().creations()).isEqualTo(new PoolSnapshot.Creations(1, 0, 1, 0, 0, 0, 0));
		assertThat(services.get(0).closes).as("closed").isOne();
		assertThat(services.get(0).polls).isOne();
	}

	@Test
	void wakeUpDuringFirstPollIsNotLost() {
		FakeServices services = new FakeServices().each((service) -> {
			service.readiness = Readiness.PENDING;
			service.duringPoll = () -> {
				service.duringPoll = () -> service.readiness = Readiness.READY;
				service.wakeUp.run();
			};
		});
		PoolFixture fixture = PoolFixture.of(services, (pool) -> pool);
		Waiter<String, String> waiter = fixture.ask();
		fixture.settle();
		assertThat(fixture.lease(waiter).service()).isSameAs(services.get(0));
		assertThat(services.get(0).polls).isEqualTo(2);
	}

	@Test
	void creationTimeoutInterruptsAndClosesLateService() {
		boolean[] interrupted = new boolean[1];
		PoolFixture fixture = hanging(() -> interrupted[0] = Thread.currentThread().isInterrupted());
		assertThat(interrupted[0]).isTrue();
		assertThat(Thread.currentThread().isInterrupted()).as("interrupted after the creation").isFalse();
		assertThat(fixture.services.get(0).closes).isOne();
		assertThat(fixture.total()).isZero();
		assertThat(fixture.snapshot().totals().creations()).isEqualTo(new PoolSnapshot.Creations(1, 0, 0, 0, 1, 0, 0));
	}

	@Test
	void creationFailsWhenTimeoutElapses() {
		PoolFixture[] fixture = new PoolFixture[1];
		PoolSnapshot[] then = new PoolSnapshot[1];
		hanging(() -> then[0] = fixture[0].snapshot(), fixture);
		assertThat(then[0].totals().creations().inProgress()).as("creations that have not returned").isOne();
		assertThat(then[0].size().creating()).as("creations that callers wait for").isZero();
		assertThat(then[0].events().lastDecision().type()).isEqualTo(Type.CREATION_FAILED);
		assertThat(then[0].events().lastDecision().message())
			.isEqualTo("for test: java.util.concurrent.TimeoutException: creating a service for test took longer than"
					+ " createTimeout (10s)");
		assertThat(fixture[0].decisions()).as("the late end is not reported").containsExactly(Type.CREATION_FAILED);
	}

	@Test
	void blockedCreationIsInterruptedAndRetried() throws Exception {
		AtomicInteger creations = new AtomicInteger();
		CompletableFuture<Exception> blocked = new CompletableFuture<>();
		Pool<String, String> pool = Pool.builder().createTimeout(Duration.ofMillis(50)).build((target) -> {
			if (creations.getAndIncrement() == 0) {
				block(blocked);
			}
			return Service.of((request) -> request);
		});
		pool.start();
		assertThat(blocked.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
		Await.until(() -> pool.snapshot().size().ready() == 1);
		assertThat(pool.call("hello")).isEqualTo("hello");
		pool.close();
	}

	@Test
	void creationThatFailsOnInterruptIsCountedOnce() {
		PoolFixture[] fixture = new PoolFixture[1];
		fixture[0] = PoolFixture.of(new FakeServices().creations((service) -> {
			fixture[0].time.advance(CREATE_TIMEOUT);
			throw new InterruptedException();
		}), (pool) -> pool.createTimeout(CREATE_TIMEOUT));
		fixture[0].started();
		assertThat(fixture[0].snapshot().totals().creations())
			.isEqualTo(new PoolSnapshot.Creations(1, 0, 1, 0, 0, 0, 0));
		assertThat(fixture[0].decisions()).containsExactly(Type.CREATION_FAILED);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void slotOfTimedOutCreationIsReused() {
		PoolFixture[] fixture = new PoolFixture[1];
		PoolSnapshot[] then = new PoolSnapshot[1];
		hanging(() -> {
			fixture[0].time.advance(Duration.ofMillis(100));
			fixture[0].executor.runNext();
			then[0] = fixture[0].snapshot();
		}, fixture);
		assertThat(then[0].totals().creations()).as("one creation hangs and the next created a service")
			.isEqualTo(new PoolSnapshot.Creations(2, 1, 0, 1, 0, 0, 0));
		assertThat(fixture[0].snapshot().totals().creations())
			.isEqualTo(new PoolSnapshot.Creations(2, 1, 0, 0, 1, 0, 0));
		assertThat(fixture[0].snapshot().services()).extracting(PoolSnapshot.ServiceSnapshot::id).containsExactly(2L);
	}

	@Test
	void serviceCreatedJustInTimeIsKept() {
		PoolFixture[] fixture = new PoolFixture[1];
		fixture[0] = PoolFixture.of(
				new FakeServices()
					.creations(FakeServices.takes(() -> fixture[0].time.advance(CREATE_TIMEOUT.minusNanos(1)))),
				(pool) -> pool.createTimeout(CREATE_TIMEOUT));
		fixture[0].started();
		assertThat(fixture[0].total()).isOne();
		fixture[0].after(CREATE_TIMEOUT);
		assertThat(fixture[0].decisions()).containsExactly(Type.CREATED, Type.JOINED);
	}

	@Test
	void waitersReceiveCauseWhenFirstCreationFails() {
		PoolFixture fixture = PoolFixture.of(new FakeServices().creations(FakeServices.fails(NO_ROUTE)),
				(pool) -> pool);
		List<Waiter<String, String>> waiters = List.of(fixture.ask(), fixture.ask());
		assertThat(waiters).noneMatch(Waiter::isSettled);
		fixture.settle();
		for (Waiter<String, String> waiter : waiters) {
			assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> fixture.lease(waiter))
				.withMessage("Pool 'test': no service is available because the last attempt to create one failed"
						+ " (0 services: 0 ready; 2 waiting; last failure: java.io.IOException: no route)")
				.withCause(NO_ROUTE)
				.satisfies((ex) -> assertThat(ex.getPoolName()).isEqualTo("test"));
		}
	}

	@Test
	void waitersReceiveTimeoutWhenCreationTimesOut() {
		PoolFixture[] fixture = new PoolFixture[1];
		List<Waiter<String, String>> waiters = new ArrayList<>();
		boolean[] settled = new boolean[1];
		hanging(() -> settled[0] = waiters.get(0).isSettled(), fixture, () -> waiters.add(fixture[0].ask()));
		assertThat(settled[0]).as("settled before the creation returned").isTrue();
		assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> fixture[0].lease(waiters.get(0)))
			.withCauseInstanceOf(TimeoutException.class);
	}

	@Test
	void callersReceiveCauseImmediatelyDuringBackoff() {
		PoolFixture fixture = failing(FakeServices.fails(NO_ROUTE));
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> fixture.pool.acquire())
				.withCause(NO_ROUTE);
		}
		assertThatExceptionOfType(NoServiceException.class).isThrownBy(() -> fixture.pool.acquire(Duration.ZERO))
			.withCause(NO_ROUTE);
		fixture.miss().settle();
		assertThat(fixture.services.targets).hasSize(1);
		assertThat(fixture.snapshot().load().waiting()).isZero();
	}

	@Test
	void callersWaitForNextCreationAfterBackoff() {
		PoolFixture fixture = failing(FakeServices.fails(NO_ROUTE));
		fixture.time.advance(Duration.ofMillis(100));
		Waiter<String, String> waiter = fixture.ask();
		assertThat(waiter.isSettled()).isFalse();
		fixture.settle();
		assertThat(fixture.lease(waiter).service()).isSameAs(fixture.services.get(0));
		assertThat(fixture.snapshot().totals().creations()).isEqualTo(new PoolSnapshot.Creations(2, 1, 1, 0, 0, 0, 0));
	}

	@Test
	void callersWithServiceAreUnaffectedByFailedCreation() {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().creations(FakeServices.ok(), FakeServices.fails(NO_ROUTE)),
					(pool) -> pool.minServices(2).maxConcurrency(1))
			.started();
		assertThat(fixture.decisions()).containsExactly(Type.CREATED, Type.JOINED, Type.CREATION_FAILED);
		Lease<String, String> lease = fixture.lease();
		Waiter<String, String> waiter = fixture.ask();
		assertThat(waiter.isSettled()).as("settled by the failed creation").isFalse();
		lease.succeed();
		fixture.lease(waiter).succeed();
		fixture.after(Duration.ofMillis(100));
		assertThat(fixture.total()).isEqualTo(2);
	}

	@Test
	void waiterOfBusyServiceKeepsWaitingWhenCreationFails() {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().creations(FakeServices.ok(), FakeServices.fails(NO_ROUTE)),
					(pool) -> pool.urgency(1).underutilizedBelow(0).maxConcurrency(1).maxServices(2))
			.started();
		fixture.lease();
		Waiter<String, String> waiter = fixture.ask();
		fixture.settle();
		assertThat(fixture.count(Type.CREATION_FAILED)).isOne();
		assertThat(waiter.isSettled()).isFalse();
		fixture.after(Duration.ofMillis(100));
		assertThat(fixture.lease(waiter).service()).as("the service created after the backoff")
			.isSameAs(fixture.services.get(1));
	}

	@Test
	void creationFailsWhenExecutorRejectsTask() {
		assertFailedCreation(new RejectedExecutionException("full"));
		assertFailedCreation(new IllegalStateException("not started"));
	}

	private void assertFailedCreation(RuntimeException rejection) {
		FakeTime time = new FakeTime();
		boolean[] rejects = { true };
		Pool<String, String> pool = Pool.builder().ticker(time).scheduler(time).executor((task) -> {
			if (rejects[0]) {
				throw rejection;
			}
			task.run();
		}).build(new FakeServices());
		assertThatExceptionOfType(NoServiceException.class).isThrownBy(pool::acquire).withCause(rejection);
		assertThat(pool.snapshot().totals().creations()).isEqualTo(new PoolSnapshot.Creations(1, 0, 1, 0, 0, 0, 0));
		rejects[0] = false;
		time.advance(Duration.ofMillis(100));
		assertThat(pool.snapshot().size().ready()).isOne();
	}

	@Test
	void poolWorksWithDirectExecutor() throws Exception {
		Pool<String, String> pool = Pool.builder().executor(Runnable::run).build(new FakeServices());
		assertThat(pool.call("hello")).isEqualTo("service-1: hello");
		assertThat(pool.drain(Duration.ZERO)).isTrue();
		assertThat(pool.call("hello")).isEqualTo("service-2: hello");
		pool.close();
		assertThat(pool.snapshot().services()).isEmpty();
	}

	@Test
	void failingTargetDoesNotBlockOtherTargets() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.targets(Target.of("dead"), Target.of("b"), Target.of("c")).minServices(3));
		Set<Target> unreachable = new HashSet<>(Set.of(Target.of("dead")));
		fixture.services.failing(unreachable);
		fixture.started();
		assertThat(fixture.services.targets).extracting(Target::name).containsExactly("dead", "b", "c", "b");
		unreachable.clear();
		fixture.after(Duration.ofMillis(100));
		assertThat(fixture.services.targets).extracting(Target::name)
			.as("the failed target is retried after the backoff")
			.endsWith("dead");
		assertThat(fixture.total()).isEqualTo(4);
	}

	@Test
	void failureIsNamedByClassWhenToStringFails() {
		PoolFixture fixture = failing(FakeServices.fails(new FailingToStringException()));
		assertThat(fixture.snapshot().events().lastDecision().message())
			.isEqualTo("for test: " + FailingToStringException.class.getName());
		fixture.after(Duration.ofMillis(100));
		assertThat(fixture.total()).isOne();
	}

	private static final class FailingToStringException extends Exception {

		private static final long serialVersionUID = 1L;

		@Override
		public String toString() {
			throw new AssertionError("toString failed");
		}

	}

	private void block(CompletableFuture<Exception> ended) throws InterruptedException {
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			ended.complete(ex);
			throw ex;
		}
	}

	private PoolFixture failing(FakeServices.Step step) {
		return PoolFixture.of(new FakeServices().creations(step), (pool) -> pool).started();
	}

	private PoolFixture hanging(Runnable meanwhile) {
		return hanging(meanwhile, new PoolFixture[1]);
	}

	private PoolFixture hanging(Runnable meanwhile, PoolFixture[] fixture) {
		return hanging(meanwhile, fixture, () -> {
		});
	}

	/**
	 * Create a pool whose first creation exceeds the timeout.
	 * @param meanwhile the action to run when the timeout has elapsed
	 * @param fixture the array that receives the pool before its first creation
	 * @param before the action to run before the pool creates a service
	 */
	private PoolFixture hanging(Runnable meanwhile, PoolFixture[] fixture, Runnable before) {
		fixture[0] = PoolFixture.of(new FakeServices().creations(FakeServices.takes(() -> {
			fixture[0].time.advance(CREATE_TIMEOUT);
			meanwhile.run();
		})), (pool) -> pool.createTimeout(CREATE_TIMEOUT).maxServices(1));
		before.run();
		return fixture[0].started();
	}

}
