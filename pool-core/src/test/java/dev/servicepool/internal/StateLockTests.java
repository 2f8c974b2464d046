package dev.servicepool.internal;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.servicepool.PoolSettings;
import dev.servicepool.Target;
import dev.servicepool.Ticker;
import dev.servicepool.internal.event.EventLog;
import dev.servicepool.internal.event.ListenerNotifier;
import dev.servicepool.internal.target.Targets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests threads that need the lock, while another thread has it and may be paused.
 */
@Timeout(60)
class StateLockTests {

	/** The number of times that a thread had the lock. */
	private final AtomicInteger turns = new AtomicInteger();

	private final StateLock<String, String> lock = lock(this.turns::incrementAndGet);

	@Test
	void timesIncreaseInOrderOfLockAcquisition() throws Exception {
		AtomicLong latest = new AtomicLong();
		AtomicBoolean decreased = new AtomicBoolean();
		Consumer<StateLock<String, String>> event = (it) -> it.update((now) -> {
			if (latest.getAndSet(now) > now) {
				decreased.set(true);
			}
		});
		InStep.run(() -> this.lock, event, event, (it) -> assertThat(decreased).isFalse());
	}

	@Test
	void checkDoesNotWaitForEventAndRunsAfterIt() throws Exception {
		try (Pause event = new Pause((pause) -> this.lock.update((now) -> pause.await()))) {
			this.lock.check();
			this.lock.check();
			assertThat(this.turns).hasValue(1);
			event.end();
			assertThat(this.turns).hasValue(2);
		}
	}

	@Test
	void checkDoesNotWaitForReaderAndRunsAfterIt() throws Exception {
		try (Pause reading = new Pause((pause) -> this.lock.read((now) -> pause.await()))) {
			this.lock.check();
			assertThat(this.turns).hasValue(1);
			reading.end();
			assertThat(this.turns).hasValue(2);
		}
	}

	@Test
	void checkThatReaderRequestsRunsAfterReading() {
		this.lock.read((now) -> {
			this.lock.check();
			assertThat(this.turns).hasValue(1);
			return null;
		});
		assertThat(this.turns).hasValue(2);
	}

	@Test
	void noCheckIsLostWhenLockIsReleasedConcurrently() throws Exception {
		AtomicInteger counted = new AtomicInteger();
		AtomicInteger checked = new AtomicInteger();
		StateLock<String, String> counting = lock(() -> {
			checked.set(counted.get());
			return 0;
		});
		InStep.run(() -> counting, (it) -> {
			counted.incrementAndGet();
			it.check();
		}, (it) -> it.update((now) -> {
		}), (it) -> assertThat(checked.get()).isEqualTo(counted.get()));
	}

	@Test
	void callersOfReadyServiceDoNotWaitForLock() throws Exception {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.maxServices(1).maxConcurrency(10).maxSurge(1).maxRequestsPerService(4))
			.started();
		StateLock<String, String> busy = ((DefaultPool<String, String>) fixture.pool).tasks().stateLock();
		try (Pause event = new Pause((pause) -> busy.update((now) -> pause.await()))) {
			for (int i = 0; i < 5; i++) {
				assertThat(fixture.ask().granted()).isNotNull();
			}
			assertThat(fixture.services.created).hasSize(1);
			event.end();
		}
		assertThat(fixture.settle().services.created).as("the service was replaced").hasSize(2);
	}

	/** Create the lock of a pool that is not in use and has no work to do. */
	private static StateLock<String, String> lock(Ticker ticker) {
		PoolFixture fixture = PoolFixture.of((pool) -> pool);
		PoolSettings settings = fixture.pool.settings();
		Random random = new Random(1);
		MemberRegistry<String, String> registry = new MemberRegistry<>(settings,
				new Targets(List.of(Target.of("test")), settings, random, null));
		ListenerNotifier notifier = new ListenerNotifier("test", List.of(), List.of());
		EventRecorder<String, String> recorder = new EventRecorder<>(new EventLog("test", fixture.time), notifier,
				registry);
		return new StateLock<>(new PoolState<>("test", settings, false, registry, recorder, random, 0),
				((DefaultPool<String, String>) fixture.pool).tasks(), notifier, ticker);
	}

	/** Another thread that has the lock until the pause ends. */
	private static final class Pause implements AutoCloseable {

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch ended = new CountDownLatch(1);

		private final CompletableFuture<Void> action;

		Pause(Consumer<Pause> action) throws InterruptedException {
			this.action = CompletableFuture.runAsync(() -> action.accept(this));
			assertThat(this.begun.await(10, TimeUnit.SECONDS)).isTrue();
		}

		/** Wait for the end of the pause, while this thread has the lock. */
		Void await() {
			this.begun.countDown();
			try {
				assertThat(this.ended.await(10, TimeUnit.SECONDS)).as("the other thread did not wait").isTrue();
				return null;
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/** Let the thread continue, and wait until it has released the lock. */
		void end() throws Exception {
			this.ended.countDown();
			this.action.get(10, TimeUnit.SECONDS);
		}

		@Override
		public void close() {
			this.ended.countDown();
		}

	}

}
