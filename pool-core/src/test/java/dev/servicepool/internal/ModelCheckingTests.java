package dev.servicepool.internal;

import java.util.Random;

import dev.servicepool.internal.permit.Permits;
import dev.servicepool.Pool;
import dev.servicepool.Service;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Tests for concurrent operations, which must have the same results as the operations in
 * some sequence. Lincheck explores how their steps can be interleaved.
 */
@Timeout(600)
@Tag("measured")
class ModelCheckingTests {

	private static final int MAX_THREADS = 4;

	@Test
	void permitsAreLinearizable() {
		check(PermitsModel.class);
	}

	@Test
	void permitsAndWaitQueueAreLinearizable() {
		check(WaitQueue.class);
	}

	private static void check(Class<?> model) {
		new ModelCheckingOptions().iterations(Integer.getInteger("models.scenarios", 100))
			.invocationsPerIteration(200)
			.threads(2)
			.actorsPerThread(3)
			.actorsBefore(1)
			.actorsAfter(1)
			.check(model);
	}

	/**
	 * Permits of which each thread acquires at most one. The monitor guards the
	 * operations that open or close the permits.
	 */
	public static class PermitsModel {

		private final Permits permits = new Permits(2);

		private final boolean[] active = new boolean[MAX_THREADS];

		public PermitsModel() {
			this.permits.open();
		}

		@Operation
		public boolean acquire(@Param(gen = ThreadIdGen.class) int thread) {
			if (!this.active[thread]) {
				this.active[thread] = this.permits.tryAcquire();
			}
			return this.active[thread];
		}

		@Operation
		public void release(@Param(gen = ThreadIdGen.class) int thread) {
			if (this.active[thread]) {
				this.active[thread] = false;
				if (!this.permits.tryRelease()) {
					synchronized (this) {
						this.permits.release();
					}
				}
			}
		}

		@Operation
		public boolean closeIfFull() {
			synchronized (this) {
				return this.permits.closeIfFull();
			}
		}

		@Operation
		public void open() {
			synchronized (this) {
				this.permits.open();
			}
		}

		@Operation
		public int inFlight() {
			return this.permits.inFlight();
		}

	}

	/** A pool with one service that has one permit. */
	public static class WaitQueue {

		private final Acquirer<String, String> acquirer;

		private final LeaseEvents<String, String> events;

		private final Waiter<String, String>[] waiters;

		@SuppressWarnings({ "unchecked", "rawtypes" })
		public WaitQueue() {
			FakeTime time = new FakeTime();
			Pool<String, String> pool = Pool.builder()
				.maxServices(1)
				.maxConcurrency(1)
				.ticker(time)
				.clock(time)
				.scheduler((task, delay) -> {
				})
				.executor(Runnable::run)
				.random(new Random(1))
				.build((target) -> Service.of((request) -> request));
			pool.start();
			this.acquirer = ((DefaultPool<String, String>) pool).acquirer();
			this.events = ((DefaultPool<String, String>) pool).leaseEvents();
			this.waiters = new Waiter[MAX_THREADS];
		}

		@Operation
		public boolean ask(@Param(gen = ThreadIdGen.class) int thread) {
			if (this.waiters[thread] == null) {
				this.waiters[thread] = this.acquirer.acquire(true);
			}
			return this.waiters[thread].isSettled();
		}

		@Operation
		public boolean release(@Param(gen = ThreadIdGen.class) int thread) {
			Waiter<String, String> waiter = this.waiters[thread];
			if (waiter == null || !waiter.isSettled()) {
				return false;
			}
			this.waiters[thread] = null;
			this.events.release(waiter.granted());
			return true;
		}

		@Operation
		public void abandon(@Param(gen = ThreadIdGen.class) int thread) {
			Waiter<String, String> waiter = this.waiters[thread];
			if (waiter != null) {
				this.waiters[thread] = null;
				this.acquirer.abandon(waiter);
			}
		}

	}

}
