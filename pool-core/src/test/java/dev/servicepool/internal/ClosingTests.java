package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolClosedException;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Service;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for closing a pool.
 */
@Timeout(30)
class ClosingTests {

	@Test
	void closeRejectsWaitingAndNewCallers() {
		PoolFixture fixture = withZeroCloseTimeout(new FakeServices());
		fixture.lease();
		List<Waiter<String, String>> waiters = List.of(fixture.ask(), fixture.ask());
		fixture.pool.close();
		for (Waiter<String, String> waiter : waiters) {
			assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> fixture.lease(waiter))
				.withMessageStartingWith("Pool 'test': pool is closed (");
		}
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> fixture.pool.acquire());
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> fixture.pool.call("hello"));
		assertThat(fixture.snapshot().load().waiting()).isZero();
	}

	@Test
	void closeWaitsUntilServicesAreClosed() throws Exception {
		FakeServices services = new FakeServices();
		Pool<String, String> pool = Pool.builder().build(services);
		pool.call("hello");
		pool.close();
		assertThat(services.get(0).closes).isOne();
		assertThat(pool.snapshot().services()).isEmpty();
		assertThat(pool.snapshot().totals().creations()).isEqualTo(new PoolSnapshot.Creations(1, 1, 0, 0, 0, 1, 0));
	}

	@Test
	void closeWaitsForRequestsInFlight() throws Exception {
		FakeServices services = new FakeServices();
		Pool<String, String> pool = Pool.builder().build(services);
		Lease<String, String> lease = pool.acquire();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(pool::close);
		Await.until(() -> pool.snapshot().size().retired() == 1);
		assertThat(closing).isNotDone();
		assertThat(services.get(0).closes).isZero();
		lease.succeed();
		closing.get(10, TimeUnit.SECONDS);
		assertThat(services.get(0).closes).isOne();
		assertThat(pool.snapshot().totals().calls().succeeded()).isOne();
	}

	@Test
	void closeTimeoutClosesServicesWithRequestsInFlight() {
		PoolFixture fixture = withZeroCloseTimeout(new FakeServices());
		fixture.lease();
		fixture.pool.close();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isOne();
		assertThat(fixture.snapshot().events().lastDecision().type()).isEqualTo(Type.DRAINED);
		assertThat(fixture.snapshot().events().lastDecision().message()).isEqualTo("closed with 1 request in flight");
	}

	@Test
	void interruptedCloseClosesServicesWithRequestsInFlight() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool).started();
		fixture.lease();
		Thread.currentThread().interrupt();
		fixture.pool.close();
		assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isOne();
	}

	@Test
	void requestInFlightCountsAsUnknownAfterForcedClose() {
		PoolFixture fixture = withZeroCloseTimeout(new FakeServices());
		Lease<String, String> lease = fixture.lease();
		fixture.pool.close();
		fixture.settle();
		assertThat(fixture.snapshot().totals().calls()).isEqualTo(new PoolSnapshot.Calls(0, 0, 0, 0, 1, 0, 0));
		assertThat(lease.fail(new IOException("closed"))).isTrue();
		fixture.settle();
		assertThat(fixture.snapshot().totals().calls()).isEqualTo(new PoolSnapshot.Calls(0, 0, 0, 0, 1, 0, 0));
		assertThat(fixture.services.get(0).closes).isOne();
	}

	@Test
	void secondCloseDoesNothing() {
		PoolFixture fixture = withZeroCloseTimeout(new FakeServices());
		fixture.pool.close();
		fixture.settle();
		List<Type> decisions = fixture.decisions();
		fixture.pool.close();
		fixture.settle();
		assertThat(fixture.decisions()).isEqualTo(decisions)
			.containsExactly(Type.CREATED, Type.JOINED, Type.RETIRED, Type.DRAINED);
		assertThat(fixture.services.get(0).closes).isOne();
	}

	@Test
	void concurrentCloseKeepsRequestsInFlight() throws Exception {
		Pool<String, String> pool = Pool.builder().build(new FakeServices());
		Lease<String, String> lease = pool.acquire();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(pool::close);
		Await.until(() -> pool.snapshot().size().retired() == 1);
		Thread.currentThread().interrupt();
		pool.close();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(pool.snapshot().services().get(0).state()).isEqualTo(PoolSnapshot.ServiceSnapshot.State.DRAINING);
		lease.succeed();
		closing.get(10, TimeUnit.SECONDS);
	}

	@Test
	void unusedPoolCreatesNoServiceAfterClose() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool);
		fixture.pool.close();
		fixture.pool.start();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> fixture.pool.tryAcquire());
		fixture.after(Duration.ofMinutes(1));
		assertThat(fixture.services.targets).isEmpty();
		assertThat(fixture.events).isEmpty();
	}

	@Test
	void closeCancelsCreationAndClosesLateService() {
		PoolFixture[] fixture = new PoolFixture[1];
		boolean[] interrupted = new boolean[1];
		fixture[0] = PoolFixture.of(new FakeServices().creations(FakeServices.takes(() -> {
			fixture[0].pool.close();
			interrupted[0] = Thread.currentThread().isInterrupted();
		})), (pool) -> pool);
		fixture[0].started();
		assertThat(interrupted[0]).isTrue();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(fixture[0].services.get(0).closes).isOne();
		assertThat(fixture[0].snapshot().totals().creations())
			.isEqualTo(new PoolSnapshot.Creations(1, 0, 0, 0, 1, 0, 0));
		assertThat(fixture[0].events).as("no service joined and no creation failed").isEmpty();
	}

	@Test
	void creationThatBeginsAfterCloseAddsNoService() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool);
		fixture.pool.start();
		fixture.pool.close();
		fixture.settle();
		assertThat(fixture.total()).isZero();
		assertThat(fixture.services.created).allMatch((service) -> service.closes == 1);
		assertThat(fixture.snapshot().totals().creations().inProgress()).isZero();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void closedPoolDoesNotRetryCreationAfterBackoff() {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().creations(FakeServices.fails(new IOException("no route"))), (pool) -> pool)
			.started();
		fixture.pool.close();
		fixture.after(Duration.ofMinutes(1));
		assertThat(fixture.services.targets).hasSize(1);
	}

	@Test
	void serviceIsClosedWhenItsCloseThrows() {
		for (Exception failure : List.of(new IOException("checked"), new IllegalStateException("unchecked"))) {
			PoolFixture fixture = withZeroCloseTimeout(
					new FakeServices().each((service) -> service.closeFailure = failure));
			fixture.pool.close();
			fixture.settle();
			assertThat(fixture.snapshot().services()).isEmpty();
			assertThat(fixture.snapshot().totals().creations().drained()).isOne();
		}
	}

	@Test
	void interruptOfClosingThreadIsKept() {
		PoolFixture fixture = withZeroCloseTimeout(
				new FakeServices().each((service) -> service.closeFailure = new InterruptedException()));
		fixture.pool.close();
		fixture.settle();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(fixture.snapshot().services()).isEmpty();
	}

	@Test
	void closeReturnsAfterTimeoutWhenServiceCloseHangs() throws Exception {
		CountDownLatch hanging = new CountDownLatch(1);
		Pool<String, String> pool = Pool.builder()
			.closeTimeout(Duration.ofMillis(20))
			.build((target) -> new HangingCloseService(hanging));
		pool.call("hello");
		pool.close();
		Await.until(() -> pool.snapshot().services().isEmpty());
		assertThat(pool.snapshot().events().lastDecision().type()).isEqualTo(Type.DRAINED);
		hanging.countDown();
	}

	@Test
	void callerClosesServicesWhenExecutorRejectsTasks() throws Exception {
		boolean[] rejects = new boolean[1];
		FakeServices services = new FakeServices();
		Pool<String, String> pool = Pool.builder().executor((task) -> {
			if (rejects[0]) {
				throw new RejectedExecutionException("shut down");
			}
			task.run();
		}).build(services);
		pool.call("hello");
		rejects[0] = true;
		pool.close();
		assertThat(services.get(0).closes).isOne();
		assertThat(pool.snapshot().services()).isEmpty();
	}

	/** Create a pool with one service and a close timeout of zero. */
	private PoolFixture withZeroCloseTimeout(FakeServices services) {
		return PoolFixture.of(services, (pool) -> pool.maxConcurrency(1).maxServices(1).closeTimeout(Duration.ZERO))
			.started();
	}

	private record HangingCloseService(CountDownLatch hanging) implements Service<String, String> {

		@Override
		public String call(String request) {
			return request;
		}

		@Override
		public void close() throws InterruptedException {
			this.hanging.await();
		}

	}

}
