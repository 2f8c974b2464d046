package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolBuilder;
import dev.servicepool.PoolException;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Readiness;
import dev.servicepool.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads use a pool concurrently in real time. In the end, every counter is zero
 * again, and no limit was ever exceeded.
 */
@Timeout(120)
class PoolStressTests {

	/** Time per test. Change it with {@code -Dstress.time=PT1M}. */
	private static final Duration WORK = Duration.parse(System.getProperty("stress.time", "PT1S"));

	private static final int ENOUGH = 5_000;

	private static final int CALLERS = 8;

	private static final int LIMIT = 2;

	/** Services that the test has not checked. */
	private final Queue<StressedService> created = new ConcurrentLinkedQueue<>();

	private final Queue<String> violations = new ConcurrentLinkedQueue<>();

	private final LongAdder leased = new LongAdder();

	private final LongAdder rejected = new LongAdder();

	private final LongAdder interrupted = new LongAdder();

	/** The threads of second attempts beside the first ones. */
	private final ExecutorService hedges = Executors.newCachedThreadPool();

	private final LongAdder hedged = new LongAdder();

	private final LongAdder hedgesWon = new LongAdder();

	/** Whether servers ask for pauses. Set before the callers start. */
	private boolean pausing;

	/** Whether callers send requests twice. Set before the callers start. */
	private boolean hedging;

	@Test
	void callersTimeOutAndAreInterruptedWhilePoolScales() throws Exception {
		Pool<String, String> pool = builder().urgency(0.2)
			.underutilizedBelow(0.01)
			.headroomWindow(Duration.ZERO)
			.maxServices(4)
			.build((target) -> new StressedService(false));
		run(pool, this::callImpatiently);
	}

	@Test
	void polledServicesArePendingWakeUpAndFail() throws Exception {
		Pool<String, String> pool = builder().maxServices(3).build((target) -> new StressedService(true));
		run(pool, this::callImpatiently);
	}

	@Test
	void creationsFailAndServicesExpireWhilePoolIsDrained() throws Exception {
		Pool<String, String> pool = builder().maxServices(3)
			.minServices(2)
			.maxLifetime(Duration.ofMillis(20))
			.build((target) -> {
				if (ThreadLocalRandom.current().nextInt(3) == 0) {
					throw new IOException("creation");
				}
				return new StressedService(false);
			});
		run(pool, (it) -> {
			if (ThreadLocalRandom.current().nextInt(2000) == 0) {
				it.drain(Duration.ofMillis(1));
			}
			callImpatiently(it);
		});
	}

	@Test
	void servicesAreEjectedPausedAndReadmitted() throws Exception {
		this.pausing = true;
		Pool<String, String> pool = builder().maxServices(4)
			.minServices(4)
			.outlierDetection((detection) -> detection.consecutiveFailures(2)
				.interval(Duration.ofMillis(1))
				.baseEjectionTime(Duration.ofMillis(1))
				.maxEjectionTime(Duration.ofMillis(5)))
			.build((target) -> new StressedService(ThreadLocalRandom.current().nextBoolean()));
		run(pool, this::callImpatiently);
		assertThat(pool.snapshot().totals().ejections()).isPositive();
	}

	@Test
	void attemptsRaceWhileServicesExpire() throws Exception {
		this.hedging = true;
		Pool<String, String> pool = builder().maxServices(6)
			.minServices(6)
			.maxLifetime(Duration.ofMillis(20))
			.retryBudgetRatio(1)
			.build((target) -> new StressedService(false));
		run(pool, this::callWithHedge);
		PoolSnapshot.Retries retries = pool.snapshot().totals().retries();
		assertThat(retries.hedges()).isEqualTo(this.hedged.sum()).isEqualTo(retries.attempts());
		assertThat(retries.hedgesWon()).isEqualTo(this.hedgesWon.sum());
	}

	private PoolBuilder builder() {
		return Pool.builder()
			.maxConcurrency(LIMIT)
			.maxWaiting(CALLERS / 2)
			.acquireTimeout(Duration.ofMillis(1))
			.backoff(Duration.ofMillis(1))
			.maxBackoff(Duration.ofMillis(5));
	}

	private void run(Pool<String, String> pool, Caller caller) throws Exception {
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		List<Future<?>> running = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < CALLERS; i++) {
			running.add(callers.submit(() -> {
				synchronized (threads) {
					threads.add(Thread.currentThread());
				}
				while (!done.get()) {
					callCountingInterrupts(pool, caller);
				}
				return null;
			}));
		}
		disturb(pool, threads);
		done.set(true);
		for (Future<?> each : running) {
			each.get();
		}
		callers.shutdown();
		this.hedges.shutdown();
		assertThat(this.hedges.awaitTermination(1, TimeUnit.MINUTES)).as("end of all attempts").isTrue();
		check(pool);
	}

	/** Interrupt random callers, send wake-ups, and check snapshots of the pool. */
	private void disturb(Pool<String, String> pool, List<Thread> threads) {
		long end = System.nanoTime() + WORK.toNanos();
		while (System.nanoTime() - end < 0 || !haveEnoughEventsHappened()) {
			synchronized (threads) {
				if (threads.size() == CALLERS && ThreadLocalRandom.current().nextInt(50) == 0) {
					threads.get(ThreadLocalRandom.current().nextInt(CALLERS)).interrupt();
				}
			}
			PoolSnapshot snapshot = pool.snapshot();
			if (snapshot.size().live() + snapshot.size().creating() + snapshot.size().retired() > pool.settings()
				.maxServices()) {
				this.violations.add("too many services: " + snapshot);
			}
			if (snapshot.size().ejected() > snapshot.size().live() / 2) {
				this.violations.add("too many ejected: " + snapshot);
			}
			this.created.removeIf((service) -> service.closes.get() == 1 && service.checked());
			wakeUp();
			Thread.yield();
		}
	}

	/** Whether each event has happened often enough. Slow machines take longer. */
	private boolean haveEnoughEventsHappened() {
		return this.leased.sum() > ENOUGH && this.interrupted.sum() > 0 && this.rejected.sum() > 0
				&& (!this.hedging || hasHedgeWonAndLost());
	}

	private boolean hasHedgeWonAndLost() {
		return this.hedgesWon.sum() > 0 && this.hedgesWon.sum() < this.hedged.sum();
	}

	private void callCountingInterrupts(Pool<String, String> pool, Caller caller) throws Exception {
		try {
			caller.call(pool);
		}
		catch (InterruptedException ex) {
			this.interrupted.increment();
		}
	}

	private void callImpatiently(Pool<String, String> pool) throws InterruptedException {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		try {
			Lease<String, String> lease = (random.nextInt(4) == 0) ? pool.tryAcquire()
					: pool.acquire(Duration.ofNanos(random.nextInt(300_000)));
			if (lease == null) {
				wakeUp();
				return;
			}
			this.leased.increment();
			use(lease, random);
		}
		catch (PoolException ex) {
			this.rejected.increment();
			wakeUp();
		}
	}

	/** Wake up all services, because they may all be pending. */
	private void wakeUp() {
		this.created.forEach(StressedService::wakeUp);
	}

	/** Send a request a second time while its first attempt is in progress. */
	private void callWithHedge(Pool<String, String> pool) throws InterruptedException {
		try {
			Lease<String, String> first = pool.acquire();
			this.leased.increment();
			Lease<String, String> second = first.tryHedge();
			AtomicBoolean won = new AtomicBoolean();
			if (second != null) {
				this.leased.increment();
				this.hedged.increment();
				this.hedges.execute(() -> {
					if (attempt(second, won)) {
						this.hedgesWon.increment();
					}
				});
			}
			attempt(first, won);
		}
		catch (PoolException ex) {
			this.rejected.increment();
		}
	}

	/**
	 * Fail or respond, possibly after the other attempt.
	 * @return whether this attempt has responded first
	 */
	private boolean attempt(Lease<String, String> lease, AtomicBoolean won) {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		work(lease, random);
		boolean failed = random.nextInt(4) == 0;
		if (!failed && won.compareAndSet(false, true)) {
			lease.recordResponse();
			lease.succeed();
			return true;
		}
		lease.markRepeated();
		if (failed) {
			lease.fail(new IOException("call"));
		}
		else {
			lease.close();
		}
		return false;
	}

	private void work(Lease<String, String> lease, ThreadLocalRandom random) {
		StressedService service = (StressedService) lease.service();
		service.enter();
		for (int i = random.nextInt(200); i > 0; i--) {
			Thread.onSpinWait();
		}
		if (random.nextInt(4) == 0) {
			Thread.yield();
		}
		service.exit();
	}

	private void use(Lease<String, String> lease, ThreadLocalRandom random) throws InterruptedException {
		work(lease, random);
		if (this.pausing && random.nextInt(100) == 0) {
			lease.pauseFor(Duration.ofNanos(random.nextInt(1_000_000)));
		}
		if (random.nextInt(50) == 0) {
			Lease<String, String> other = lease.awaitLeaseAfterRefusal();
			this.leased.increment();
			other.close();
			return;
		}
		if (random.nextInt(50) == 0) {
			Lease<String, String> other = lease.tryOther((target) -> true, (target) -> random.nextBoolean());
			if (other != null) {
				this.leased.increment();
				other.succeed();
			}
		}
		switch (random.nextInt(5)) {
			case 0 -> lease.fail(new IOException("call"));
			case 1 -> lease.returnUnsent();
			case 2 -> lease.close();
			default -> lease.succeed();
		}
	}

	private void check(Pool<String, String> pool) {
		assertThat(pool.snapshot().load().waiting()).isZero();
		pool.close();
		PoolSnapshot after = pool.snapshot();
		assertThat(after.load().inFlight()).isZero();
		assertThat(after.load().waiting()).isZero();
		assertThat(after.services()).isEmpty();
		PoolSnapshot.Calls calls = after.totals().calls();
		long unused = calls.unknown() + calls.succeeded() + calls.failed() + calls.ignored() + calls.unsent()
				- this.leased.sum();
		assertThat(unused).as("unused leases: grants that interrupted callers released")
			.isBetween(0L, this.interrupted.sum());
		PoolSnapshot.Creations creations = after.totals().creations();
		assertThat(creations.created()).isEqualTo(creations.drained() + creations.evicted());
		assertThat(creations.attempts())
			.isEqualTo(creations.created() + creations.failed() + creations.inProgress() + creations.discardedLate());
		this.created.forEach(StressedService::checked);
		assertThat(this.created).allSatisfy((service) -> assertThat(service.closes).hasValueLessThan(2));
		assertThat(this.violations).isEmpty();
	}

	private interface Caller {

		void call(Pool<String, String> pool) throws Exception;

	}

	/** A service that records each violation of its contract by the pool. */
	private final class StressedService implements Service<String, String> {

		private final boolean polled;

		private final AtomicInteger inside = new AtomicInteger();

		private final AtomicInteger polling = new AtomicInteger();

		final AtomicInteger closes = new AtomicInteger();

		private volatile Runnable wakeUp;

		StressedService(boolean polled) {
			this.polled = polled;
			PoolStressTests.this.created.add(this);
		}

		@Override
		public String call(String request) {
			return request;
		}

		@Override
		public Readiness pollReady(Runnable wakeUp) throws Exception {
			if (!this.polled) {
				return Readiness.ALWAYS;
			}
			violationIf(this.polling.incrementAndGet() > 1, "polled by two threads concurrently");
			violationIf(this.closes.get() > 0, "polled after close");
			this.wakeUp = wakeUp;
			try {
				int candidate = ThreadLocalRandom.current().nextInt(1000);
				if (candidate == 0) {
					throw new IOException("poll");
				}
				return (candidate < 200) ? Readiness.PENDING : Readiness.READY;
			}
			finally {
				this.polling.decrementAndGet();
			}
		}

		void wakeUp() {
			Runnable wakeUp = this.wakeUp;
			if (wakeUp != null) {
				wakeUp.run();
			}
		}

		void enter() {
			violationIf(this.inside.incrementAndGet() > LIMIT, "more concurrent requests than its limit");
			violationIf(this.closes.get() > 0, "used after close");
		}

		void exit() {
			this.inside.decrementAndGet();
		}

		@Override
		public void close() {
			violationIf(this.closes.incrementAndGet() > 1, "closed twice");
			violationIf(this.inside.get() > 0, "closed while in use");
		}

		boolean checked() {
			violationIf(this.inside.get() != 0, "still in use at the end");
			return true;
		}

		private void violationIf(boolean violated, String message) {
			if (violated) {
				PoolStressTests.this.violations.add(message);
			}
		}

	}

}
