package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for draining a pool, which replaces all its services.
 */
@Timeout(30)
class DrainingTests {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

	@Test
	void drainRetiresServicesAndWaitsUntilTheyAreClosed() throws Exception {
		FakeServices services = new FakeServices();
		Pool<String, String> pool = Pool.builder().minServices(2).build(services);
		pool.call("hello");
		Await.until(() -> pool.snapshot().size().live() == 2);
		assertThat(pool.drain(Duration.ofSeconds(10))).isTrue();
		assertThat(services.created).hasSize(2).allMatch((service) -> service.closes == 1);
		assertThat(pool.snapshot().services()).isEmpty();
		pool.close();
	}

	@Test
	void drainedPoolCreatesNoServiceBeforeNextRequest() throws Exception {
		PoolFixture fixture = pool(1);
		fixture.pool.drain(Duration.ZERO);
		fixture.settle().after(Duration.ofMinutes(1));
		assertThat(fixture.total()).isZero();
		assertThat(fixture.services.targets).hasSize(1);
		fixture.miss().settle();
		assertThat(fixture.lease().service()).isSameAs(fixture.services.get(1));
	}

	@Test
	void drainWaitsForRequestsInFlight() throws Exception {
		PoolFixture fixture = pool(1);
		Lease<String, String> lease = fixture.lease();
		assertThat(fixture.pool.drain(Duration.ZERO)).as("drained in time").isFalse();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).as("closes while a request is in flight").isZero();
		assertThat(fixture.snapshot().size().retired()).isOne();
		lease.succeed();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isOne();
		assertThat(fixture.pool.drain(Duration.ZERO)).as("drained without services").isTrue();
	}

	@Test
	void drainReturnsWhenLastRequestEnds() throws Exception {
		FakeServices services = new FakeServices();
		Pool<String, String> pool = Pool.builder()
			.createTimeout(Duration.ofMinutes(1))
			.closeTimeout(Duration.ofMinutes(1))
			.build(services);
		Lease<String, String> lease = pool.acquire();
		CompletableFuture<Boolean> draining = CompletableFuture.supplyAsync(() -> drain(pool));
		Await.until(() -> pool.snapshot().size().retired() == 1);
		assertThat(draining).isNotDone();
		lease.succeed();
		assertThat(draining.get(10, TimeUnit.SECONDS)).isTrue();
		assertThat(services.get(0).closes).isOne();
		pool.close();
	}

	@Test
	void concurrentDrainsReturnWhenLastRequestEnds() throws Exception {
		Pool<String, String> pool = Pool.builder()
			.createTimeout(Duration.ofMinutes(1))
			.closeTimeout(Duration.ofMinutes(1))
			.build(new FakeServices());
		Lease<String, String> lease = pool.acquire();
		List<FutureTask<Boolean>> drains = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			FutureTask<Boolean> drain = new FutureTask<>(() -> pool.drain(Duration.ofMinutes(1)));
			Thread thread = new Thread(drain);
			thread.start();
			Await.until(() -> thread.getState() == Thread.State.TIMED_WAITING);
			drains.add(drain);
		}
		lease.succeed();
		for (FutureTask<Boolean> drain : drains) {
			assertThat(drain.get(5, TimeUnit.SECONDS)).isTrue();
		}
		pool.close();
	}

	@Test
	void drainKeepsWaitingAfterUnrelatedWakeUp() throws Exception {
		PoolFixture fixture = pool(1);
		Lease<String, String> lease = fixture.lease();
		FutureTask<Integer> drain = new FutureTask<>(() -> {
			fixture.pool.drain(Duration.ofMinutes(1));
			return fixture.services.get(0).closes;
		});
		Thread thread = new Thread(drain);
		thread.start();
		awaitDraining(fixture, thread);
		for (int tick = 0; tick < 1000 && !drain.isDone(); tick++) {
			fixture.tick();
		}
		lease.succeed();
		fixture.settle();
		assertThat(drain.get(5, TimeUnit.SECONDS)).as("closes when drain returned").isOne();
	}

	@Test
	void drainReturnsWhenServiceCloseTimesOut() throws Exception {
		PoolFixture fixture = pool(1);
		FutureTask<Boolean> drain = new FutureTask<>(() -> fixture.pool.drain(Duration.ofMinutes(1)));
		Thread thread = new Thread(drain);
		thread.start();
		awaitDraining(fixture, thread);
		fixture.time.advance(CLOSE_TIMEOUT);
		assertThat(drain.get(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void interruptEndsWaitButServicesKeepDraining() {
		PoolFixture fixture = pool(1);
		Lease<String, String> lease = fixture.lease();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class)
			.isThrownBy(() -> fixture.pool.drain(Duration.ofSeconds(10)));
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isZero();
		lease.succeed();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isOne();
	}

	@Test
	void waitersAreServedByNewService() throws Exception {
		PoolFixture fixture = pool(2);
		Lease<String, String> lease = fixture.lease();
		Waiter<String, String> waiter = fixture.ask();
		fixture.pool.drain(Duration.ZERO);
		assertThat(waiter.isSettled()).isFalse();
		fixture.settle();
		assertThat(fixture.lease(waiter).service()).isSameAs(fixture.services.get(1));
		assertThat(fixture.snapshot().totals().calls().timedOut()).isZero();
		lease.succeed();
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isOne();
	}

	@Test
	void newServiceWaitsForSlotOfDrainingService() throws Exception {
		PoolFixture fixture = pool(1);
		Lease<String, String> lease = fixture.lease();
		Waiter<String, String> waiter = fixture.ask();
		fixture.pool.drain(Duration.ZERO);
		fixture.after(Duration.ofSeconds(1));
		assertThat(fixture.services.targets).as("creations while the slot is in use").hasSize(1);
		lease.succeed();
		assertThat(fixture.services.targets).as("creations before the service is closed").hasSize(1);
		assertThat(waiter.isSettled()).as("settled while the service drains").isFalse();
		fixture.settle();
		assertThat(fixture.lease(waiter).service()).isSameAs(fixture.services.get(1));
	}

	@Test
	void slotIsFreeWhenServiceCloseThrows() throws Exception {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().each((service) -> service.closeFailure = new IOException("close")),
					(pool) -> pool.maxServices(1))
			.started();
		fixture.pool.drain(Duration.ZERO);
		fixture.settle();
		assertThat(fixture.snapshot().size().retired()).isZero();
		fixture.miss().settle();
		assertThat(fixture.total()).isOne();
	}

	@Test
	void slotIsFreeWhenServiceCloseTimesOut() throws Exception {
		PoolFixture fixture = pool(1);
		fixture.pool.drain(Duration.ZERO);
		Waiter<String, String> waiter = fixture.ask();
		fixture.time.advance(CLOSE_TIMEOUT.minusNanos(1));
		assertThat(fixture.snapshot().services()).extracting(PoolSnapshot.ServiceSnapshot::state)
			.containsExactly(PoolSnapshot.ServiceSnapshot.State.CLOSING);
		assertThat(fixture.snapshot().size().creating()).isZero();
		fixture.time.advance(Duration.ofNanos(1));
		assertThat(fixture.snapshot().services()).isEmpty();
		assertThat(fixture.snapshot().events().lastDecision().type()).isEqualTo(Type.DRAINED);
		assertThat(fixture.snapshot().size().creating()).isOne();
		fixture.settle();
		assertThat(waiter.isSettled()).isTrue();
	}

	@Test
	void lateServiceCloseIsNotCountedAgain() throws Exception {
		PoolFixture fixture = pool(1);
		fixture.pool.drain(Duration.ZERO);
		fixture.time.advance(CLOSE_TIMEOUT);
		fixture.settle();
		assertThat(fixture.services.get(0).closes).isOne();
		assertThat(fixture.snapshot().totals().creations().drained()).isOne();
		assertThat(fixture.count(Type.DRAINED)).isOne();
	}

	@Test
	void drainCancelsCreationAndClosesLateService() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.minServices(2));
		fixture.pool.start();
		fixture.executor.runNext();
		assertThat(fixture.snapshot().size().creating()).isOne();
		fixture.pool.drain(Duration.ZERO);
		assertThat(fixture.snapshot().size().creating()).isZero();
		fixture.settle();
		assertThat(fixture.services.created).hasSize(2).allMatch((service) -> service.closes == 1);
		assertThat(fixture.snapshot().totals().creations()).isEqualTo(new PoolSnapshot.Creations(2, 1, 0, 0, 1, 1, 0));
	}

	@Test
	void drainReturnsTrueWhenPoolHasNoService() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool);
		assertThat(fixture.pool.drain(Duration.ZERO)).isTrue();
		assertThat(fixture.events).isEmpty();
	}

	@Test
	void countsAreKeptWhenServicesAreReplaced() throws Exception {
		PoolFixture fixture = pool(1);
		fixture.hit(3);
		fixture.lease().fail(new IOException("call"));
		fixture.lease().returnUnsent();
		fixture.lease().close();
		fixture.pool.drain(Duration.ZERO);
		fixture.settle();
		fixture.miss().settle();
		fixture.hit(1);
		assertThat(fixture.snapshot().totals().calls()).isEqualTo(new PoolSnapshot.Calls(4, 1, 0, 1, 1, 0, 0));
		assertThat(fixture.snapshot().services()).extracting((service) -> service.totals().calls()).containsExactly(1L);
	}

	private PoolFixture pool(int maxServices) {
		return PoolFixture.of((pool) -> pool.maxConcurrency(1).maxServices(maxServices).closeTimeout(CLOSE_TIMEOUT))
			.started();
	}

	/**
	 * Wait until a thread drains the pool. The snapshot acquires the lock, so that this
	 * thread sees what the other thread did.
	 */
	private void awaitDraining(PoolFixture fixture, Thread thread) throws InterruptedException {
		Await.until(() -> thread.getState() == Thread.State.TIMED_WAITING && fixture.snapshot().size().retired() == 1);
	}

	private boolean drain(Pool<?, ?> pool) {
		try {
			return pool.drain(Duration.ofMinutes(1));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
