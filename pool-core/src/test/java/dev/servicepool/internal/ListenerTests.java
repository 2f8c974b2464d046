package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import dev.servicepool.AcquireTimeoutException;
import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;
import dev.servicepool.TimingListener;
import dev.servicepool.PoolEvent.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PoolListener} and {@link TimingListener}.
 */
@Timeout(60)
class ListenerTests {

	private final Recorder recorder = new Recorder();

	@Test
	void listenerReceivesAllEventsInOrder() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.minServices(2)).started();
		fixture.after(Duration.ofSeconds(3)).pool.drain(Duration.ZERO);
		fixture.settle();
		assertThat(fixture.decisions()).containsExactly(Type.CREATED, Type.JOINED, Type.CREATED, Type.JOINED,
				Type.RETIRED, Type.RETIRED, Type.DRAINED, Type.DRAINED);
		assertThat(fixture.events).extracting(PoolEvent::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
		assertThat(fixture.events).extracting(PoolEvent::pool).containsOnly("test");
		assertThat(fixture.events).extracting(PoolEvent::poolSize).containsExactly(1, 1, 2, 2, 1, 0, 0, 0);
		assertThat(fixture.events).extracting(PoolEvent::service).containsExactly(1L, 1L, 2L, 2L, 1L, 2L, 1L, 2L);
		assertThat(fixture.events.get(0).timestamp()).isEqualTo(FakeTime.START);
		assertThat(fixture.events.get(7).timestamp()).isEqualTo(FakeTime.START.plusSeconds(3));
	}

	@Test
	void listenerReceivesEachRejectionSeparately() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.urgency(0).maxConcurrency(1).maxServices(1).maxWaiting(1))
			.started();
		fixture.lease();
		fixture.ask();
		for (int i = 0; i < 5; i++) {
			fixture.ask();
		}
		assertThat(fixture.events).filteredOn((event) -> event.type() == Type.REJECTED).hasSize(5);
		assertThat(fixture.snapshot().events().latest()).filteredOn((last) -> last.event().type() == Type.REJECTED)
			.singleElement()
			.satisfies((last) -> assertThat(last.count()).isEqualTo(5));
		assertThat(fixture.snapshot().events().lastDecision().type()).as("rejections are no decisions")
			.isEqualTo(Type.JOINED);
	}

	@Test
	void eventsOfManyThreadsArriveInOrderOneAtATime() throws Exception {
		int threads = 4;
		int calls = 2000;
		Pool<String, String> pool = Pool.builder()
			.maxConcurrency(1)
			.maxServices(1)
			.listener(this.recorder)
			.build(new FakeServices());
		Lease<String, String> lease = pool.acquire();
		runConcurrently(threads, () -> {
			for (int i = 0; i < calls; i++) {
				assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> pool.acquire(Duration.ZERO));
			}
			return null;
		});
		lease.succeed();
		// The thread that created the service may deliver all events.
		Await.until(() -> this.recorder.events.size() >= 2 + threads * calls);
		assertThat(this.recorder.overlaps).hasValue(0);
		assertThat(this.recorder.events).filteredOn((event) -> event.type() == Type.TIMED_OUT).hasSize(threads * calls);
		assertThat(this.recorder.events).extracting(PoolEvent::sequence)
			.containsExactlyElementsOf(LongStream.rangeClosed(1, this.recorder.events.size()).boxed().toList());
		pool.close();
	}

	@Test
	void listenersAreNotNotifiedUnderTheLock() {
		List<Boolean> free = new ArrayList<>();
		PoolFixture[] fixture = new PoolFixture[1];
		fixture[0] = PoolFixture.of((pool) -> pool.maxConcurrency(1)
			.listener((event) -> free.add(completesOnAnotherThread(fixture[0].pool::snapshot)))
			.timingListener(new TimingListener() {
				@Override
				public void onAcquired(String name, long waitNanos) {
					free.add(completesOnAnotherThread(fixture[0]::miss));
				}
			}));
		fixture[0].started().lease();
		assertThat(free).as("free on creation, on joining, and on acquisition").containsExactly(true, true, true);
	}

	@Test
	void throwingListenerAffectsNeitherPoolNorOthers() {
		for (Throwable failure : List.of(new IllegalStateException("listener"), new StackOverflowError(),
				new IOException("checked"))) {
			Recorder after = new Recorder();
			ThrowingListener throwing = new ThrowingListener(failure);
			PoolFixture fixture = PoolFixture
				.of((pool) -> pool.maxConcurrency(1)
					.listener(throwing)
					.listener(after)
					.timingListener(throwing)
					.timingListener(after))
				.started();
			fixture.lease().succeed();
			fixture.lease();
			fixture.miss();
			assertThat(after.events).extracting(PoolEvent::type).containsExactly(Type.CREATED, Type.JOINED);
			assertThat(after.waits).containsExactly(0L, 0L);
			assertThat(fixture.snapshot().load().inFlight()).isOne();
		}
	}

	@Test
	void eventsCausedByListenerAreDeliveredAfterwards() {
		PoolFixture[] fixture = new PoolFixture[1];
		fixture[0] = PoolFixture.of((pool) -> pool.listener(new PoolListener() {
			@Override
			public void onEvent(PoolEvent event) {
				if (event.type() == Type.JOINED && event.service() == 1) {
					fixture[0].lease().succeed();
					drain(fixture[0].pool);
					fixture[0].miss().settle();
				}
			}
		}).listener(this.recorder));
		fixture[0].started();
		assertThat(this.recorder.overlaps).hasValue(0);
		assertThat(this.recorder.events).extracting(PoolEvent::type)
			.containsExactly(Type.CREATED, Type.JOINED, Type.RETIRED, Type.DRAINED, Type.CREATED, Type.JOINED);
		assertThat(fixture[0].events).containsExactlyElementsOf(this.recorder.events);
		assertThat(fixture[0].lease().service()).isSameAs(fixture[0].services.get(1));
	}

	@Test
	void timingListenerMayAcquireLease() {
		PoolFixture[] fixture = new PoolFixture[1];
		fixture[0] = PoolFixture.of((pool) -> pool.maxConcurrency(3).timingListener(new TimingListener() {
			@Override
			public void onAcquired(String name, long waitNanos) {
				if (fixture[0].snapshot().load().inFlight() < 3) {
					fixture[0].lease();
				}
			}
		})).started();
		fixture[0].lease();
		assertThat(fixture[0].snapshot().load().inFlight()).isEqualTo(3);
	}

	@Test
	void waitTimeIsZeroWhenServiceIsReady() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.listener(this.recorder).timingListener(this.recorder))
			.started();
		fixture.after(Duration.ofSeconds(1));
		fixture.pool.acquire();
		fixture.pool.tryAcquire();
		fixture.pool.call("hello");
		assertThat(this.recorder.waits).containsExactly(0L, 0L, 0L);
		assertThat(this.recorder.pools).containsOnly("test");
	}

	@Test
	void waitTimeOfCallerIsReported() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.maxConcurrency(1).maxServices(1).timingListener(this.recorder))
			.started();
		Lease<String, String> lease = fixture.lease();
		Waiter<String, String> waiter = fixture.ask();
		fixture.after(Duration.ofMillis(250));
		lease.succeed();
		fixture.lease(waiter);
		assertThat(this.recorder.waits).containsExactly(0L, 250_000_000L);
	}

	@Test
	void waitTimeIsNotReportedWithoutLease() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.maxConcurrency(1).maxServices(1).timingListener(this.recorder))
			.started();
		fixture.lease();
		fixture.miss();
		assertThatExceptionOfType(AcquireTimeoutException.class).isThrownBy(() -> fixture.pool.acquire(Duration.ZERO));
		assertThat(this.recorder.waits).hasSize(1);
	}

	private void runConcurrently(int count, Callable<Void> task) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(count);
		try {
			List<Callable<Void>> tasks = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				tasks.add(task);
			}
			for (Future<Void> each : threads.invokeAll(tasks)) {
				each.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private boolean completesOnAnotherThread(Runnable task) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			task.run();
			done.complete(null);
		});
		thread.setDaemon(true);
		thread.start();
		try {
			done.get(5, TimeUnit.SECONDS);
			return true;
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			return false;
		}
	}

	private void drain(Pool<?, ?> pool) {
		try {
			pool.drain(Duration.ZERO);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Records events and detects calls that overlap, on one thread or on several. */
	private static final class Recorder implements PoolListener, TimingListener {

		final Queue<PoolEvent> events = new ConcurrentLinkedQueue<>();

		final Queue<String> pools = new ConcurrentLinkedQueue<>();

		final Queue<Long> waits = new ConcurrentLinkedQueue<>();

		final AtomicInteger overlaps = new AtomicInteger();

		private final AtomicInteger inside = new AtomicInteger();

		@Override
		public void onEvent(PoolEvent event) {
			if (this.inside.incrementAndGet() > 1) {
				this.overlaps.incrementAndGet();
			}
			Thread.yield();
			this.events.add(event);
			this.inside.decrementAndGet();
		}

		@Override
		public void onAcquired(String pool, long waitedNanos) {
			this.pools.add(pool);
			this.waits.add(waitedNanos);
		}

	}

	private record ThrowingListener(Throwable failure) implements PoolListener, TimingListener {

		@Override
		public void onEvent(PoolEvent event) {
			fail();
		}

		@Override
		public void onAcquired(String pool, long waitedNanos) {
			fail();
		}

		private void fail() {
			throwUnchecked(this.failure);
		}

		/** Throw any exception, as other languages for the JVM can. */
		@SuppressWarnings("unchecked")
		private static <T extends Throwable> void throwUnchecked(Throwable failure) throws T {
			throw (T) failure;
		}

	}

}
