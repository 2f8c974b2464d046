package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.NoServiceException;
import dev.servicepool.Pool;
import dev.servicepool.PoolClosedException;
import dev.servicepool.PoolOverloadedException;
import dev.servicepool.ServiceFactory;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Callers that wait for a service, and how their wait ends.
 */
@Timeout(30)
class PoolWaitingTests {

	private final PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).maxServices(1).maxWaiting(3))
		.started();

	@Test
	void callersAreServedInOrderOfArrival() {
		Lease<String, String> lease = this.fixture.lease();
		List<Waiter<String, String>> waiters = List.of(this.fixture.ask(), this.fixture.ask(), this.fixture.ask());
		for (int served = 0; served < 3; served++) {
			lease.succeed();
			assertThat(waiters.stream().filter(Waiter::isSettled).count()).isEqualTo(served + 1);
			assertThat(waiters.get(served).isSettled()).isTrue();
			lease = this.fixture.lease(waiters.get(served));
		}
	}

	@Test
	void tryAcquireDoesNotOvertakeWaitingCaller() {
		Lease<String, String> lease = this.fixture.lease();
		Waiter<String, String> waiter = this.fixture.ask();
		lease.succeed();
		this.fixture.miss();
		assertThat(waiter.isSettled()).isTrue();
		this.fixture.lease(waiter).succeed();
		this.fixture.lease();
	}

	@Test
	void interruptedCallerReleasesConcurrentGrant() {
		Lease<String, String> lease = this.fixture.lease();
		Waiter<String, String> waiter = this.fixture.ask();
		lease.succeed();
		assertThat(waiter.isSettled()).as("granted").isTrue();
		this.fixture.acquirer().abandon(waiter);
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
		assertThat(this.fixture.snapshot().totals().calls().unknown()).isOne();
		this.fixture.lease();
	}

	@Test
	void releasedGrantServesNextCaller() {
		Lease<String, String> lease = this.fixture.lease();
		Waiter<String, String> first = this.fixture.ask();
		Waiter<String, String> second = this.fixture.ask();
		lease.succeed();
		this.fixture.acquirer().abandon(first);
		assertThat(second.isSettled()).isTrue();
		this.fixture.lease(second);
	}

	@Test
	void timedOutCallerKeepsConcurrentGrant() {
		Lease<String, String> lease = this.fixture.lease();
		Waiter<String, String> waiter = this.fixture.ask();
		lease.succeed();
		this.fixture.acquirer().giveUp(waiter);
		this.fixture.lease(waiter).succeed();
		assertThat(this.fixture.snapshot().totals().calls().timedOut()).isZero();
	}

	@Test
	void timedOutCallerIsNotServed() {
		Lease<String, String> lease = this.fixture.lease();
		Waiter<String, String> first = this.fixture.ask();
		Waiter<String, String> second = this.fixture.ask();
		this.fixture.acquirer().giveUp(first);
		lease.succeed();
		assertThat(second.isSettled()).isTrue();
		assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> this.fixture.lease(first))
			.withMessage(
					"Pool 'test': no service became available within 0s (maxServices=1; 1 service: 0 ready, 1 busy or pending; 1 waiting)")
			.satisfies((ex) -> assertThat(ex.getPoolName()).isEqualTo("test"));
		assertThat(this.fixture.snapshot().totals().calls().timedOut()).isOne();
		assertThat(this.fixture.count(Type.TIMED_OUT)).isOne();
	}

	@Test
	void acquireWithZeroTimeoutTimesOutImmediately() {
		this.fixture.lease();
		assertThatExceptionOfType(AcquireTimeoutException.class)
			.isThrownBy(() -> this.fixture.pool.acquire(Duration.ZERO));
		assertThatExceptionOfType(AcquireTimeoutException.class)
			.isThrownBy(() -> this.fixture.pool.acquire(Duration.ofSeconds(-1)));
		assertThat(this.fixture.snapshot().load().waiting()).isZero();
	}

	@Test
	void callerIsRejectedWithoutStackTraceWhenQueueIsFull() {
		this.fixture.lease();
		List<Waiter<String, String>> waiters = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			waiters.add(this.fixture.ask());
		}
		Waiter<String, String> fourth = this.fixture.ask();
		assertThatExceptionOfType(PoolOverloadedException.class).isThrownBy(() -> this.fixture.lease(fourth))
			.withMessageContaining("wait queue is full (maxWaiting=3; ")
			.satisfies((ex) -> assertThat(ex.getStackTrace()).isEmpty());
		assertThat(waiters).noneMatch(Waiter::isSettled);
		assertThat(this.fixture.snapshot().totals().calls().rejected()).isOne();
		assertThat(this.fixture.count(Type.REJECTED)).isOne();
	}

	@Test
	void waitingCallersAreRejectedWhenPoolCloses() {
		Lease<String, String> lease = this.fixture.lease();
		Waiter<String, String> waiter = this.fixture.ask();
		Thread.currentThread().interrupt();
		this.fixture.pool.close();
		assertThat(Thread.interrupted()).isTrue();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.fixture.lease(waiter));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.fixture.pool.acquire());
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.fixture.pool.tryAcquire());
		lease.succeed();
	}

	@Test
	void interruptedThreadAcquiresReadyServiceAndStaysInterrupted() throws InterruptedException {
		this.fixture.lease().succeed();
		Thread.currentThread().interrupt();
		Lease<String, String> lease = this.fixture.pool.acquire();
		assertThat(Thread.interrupted()).isTrue();
		lease.succeed();
	}

	@Test
	void interruptedThreadDoesNotWait() {
		Lease<String, String> lease = this.fixture.lease();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> this.fixture.pool.acquire());
		assertThat(this.fixture.snapshot().load().waiting()).isZero();
		lease.succeed();
		assertThat(this.fixture.snapshot().totals().calls().unknown()).isZero();
	}

	@Test
	void blockedCallerWakesWhenGrantedService() throws Exception {
		Pool<String, String> pool = realTime(new FakeServices());
		Lease<String, String> lease = pool.acquire();
		CompletableFuture<Lease<String, String>> blocked = CompletableFuture.supplyAsync(() -> acquire(pool));
		awaitWaiting(pool, 1);
		lease.succeed();
		blocked.get(10, TimeUnit.SECONDS).succeed();
		pool.close();
	}

	@Test
	void blockedCallerContinuesToWaitAfterSpuriousWakeUp() throws Exception {
		AtomicReference<Thread> caller = new AtomicReference<>();
		AtomicInteger clockReads = new AtomicInteger();
		Pool<String, String> pool = Pool.builder().maxConcurrency(1).maxServices(1).ticker(() -> {
			if (Thread.currentThread() == caller.get()) {
				clockReads.incrementAndGet();
			}
			return System.nanoTime();
		}).build(new FakeServices());
		Lease<String, String> lease = pool.acquire();
		FutureTask<Lease<String, String>> blocked = new FutureTask<>(pool::acquire);
		caller.set(new Thread(blocked));
		caller.get().start();
		Await.until(() -> caller.get().getState() == Thread.State.TIMED_WAITING);
		int before = clockReads.get();
		LockSupport.unpark(caller.get());
		Await.until(() -> clockReads.get() > before);
		lease.succeed();
		blocked.get(10, TimeUnit.SECONDS).succeed();
		pool.close();
	}

	@Test
	void interruptedCallerIsRemovedFromWaitQueue() throws Exception {
		Pool<String, String> pool = realTime(new FakeServices());
		Lease<String, String> lease = pool.acquire();
		AtomicReference<Throwable> thrown = new AtomicReference<>();
		Thread caller = new Thread(() -> {
			try {
				pool.acquire();
			}
			catch (Throwable ex) {
				thrown.set(ex);
			}
		});
		caller.start();
		awaitWaiting(pool, 1);
		caller.interrupt();
		caller.join();
		assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
		assertThat(pool.snapshot().load().waiting()).isZero();
		lease.succeed();
		assertThat(pool.snapshot().load().inFlight()).isZero();
		pool.close();
	}

	@Test
	void blockedCallerWakesWhenOnlyCreationFails() throws Exception {
		CompletableFuture<Void> gate = new CompletableFuture<>();
		Pool<String, String> pool = realTime((target) -> {
			gate.join();
			throw new IOException("no route");
		});
		CompletableFuture<Lease<String, String>> blocked = CompletableFuture.supplyAsync(() -> acquire(pool));
		awaitWaiting(pool, 1);
		gate.complete(null);
		assertThat(blocked).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(NoServiceException.class)
			.withMessageContaining("no service is available because the last attempt to create one failed")
			.havingCause()
			.withMessage("no route");
		pool.close();
	}

	@Test
	void blockedCallerLetsForkJoinPoolRunOtherTasks() throws Exception {
		Pool<String, String> pool = realTime(new FakeServices());
		Lease<String, String> lease = pool.acquire();
		ForkJoinPool threads = new ForkJoinPool(1);
		ForkJoinTask<Lease<String, String>> blocked = threads.submit(() -> acquire(pool));
		awaitWaiting(pool, 1);
		assertThat(threads.submit(() -> lease.succeed()).get(10, TimeUnit.SECONDS)).isTrue();
		blocked.get(10, TimeUnit.SECONDS).succeed();
		threads.shutdown();
		pool.close();
	}

	@Test
	void blockedCallerWaitsInForkJoinPoolOfFixedSize() throws Exception {
		Pool<String, String> pool = realTime(new FakeServices());
		Lease<String, String> lease = pool.acquire();
		ForkJoinPool threads = new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, false, 1, 1,
				1, null, 1, TimeUnit.MINUTES);
		ForkJoinTask<Lease<String, String>> blocked = threads.submit(() -> acquire(pool));
		awaitWaiting(pool, 1);
		lease.succeed();
		blocked.get(10, TimeUnit.SECONDS).succeed();
		threads.shutdown();
		pool.close();
	}

	private Pool<String, String> realTime(ServiceFactory<String, String> factory) {
		return Pool.builder().maxConcurrency(1).maxServices(1).build(factory);
	}

	private Lease<String, String> acquire(Pool<String, String> pool) {
		try {
			return pool.acquire();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void awaitWaiting(Pool<String, String> pool, int waiting) throws InterruptedException {
		Await.until(() -> pool.snapshot().load().waiting() >= waiting);
	}

}
