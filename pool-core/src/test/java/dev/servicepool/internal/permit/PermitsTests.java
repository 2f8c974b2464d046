package dev.servicepool.internal.permit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.servicepool.PoolSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Permits}.
 */
@Timeout(60)
class PermitsTests {

	private final Permits permits = new Permits(2);

	@Test
	void newPermitsAreClosed() {
		assertThat(this.permits.isOpen()).isFalse();
		assertThat(this.permits.tryAcquire()).isFalse();
		assertThat(this.permits.inFlight()).isZero();
	}

	@Test
	void openPermitsAreAcquiredUpToLimit() {
		this.permits.open();
		assertThat(this.permits.tryAcquire()).isTrue();
		assertThat(this.permits.isFull()).isFalse();
		assertThat(this.permits.tryAcquire()).isTrue();
		assertThat(this.permits.isFull()).isTrue();
		assertThat(this.permits.tryAcquire()).isFalse();
		assertThat(this.permits.inFlight()).isEqualTo(2);
	}

	@Test
	void releasedPermitCanBeAcquiredAgain() {
		this.permits.open();
		this.permits.tryAcquire();
		this.permits.tryAcquire();
		assertThat(this.permits.tryRelease()).isTrue();
		assertThat(this.permits.inFlight()).isOne();
		assertThat(this.permits.tryAcquire()).isTrue();
	}

	@Test
	void closedPermitsAreAcquiredAndReleasedUnderLockOnly() {
		this.permits.open();
		this.permits.tryAcquire();
		this.permits.close();
		assertThat(this.permits.tryAcquire()).isFalse();
		assertThat(this.permits.tryRelease()).isFalse();
		assertThat(this.permits.inFlight()).isOne();
		this.permits.acquire();
		assertThat(this.permits.inFlight()).isEqualTo(2);
		this.permits.release();
		this.permits.release();
		assertThat(this.permits.inFlight()).isZero();
		assertThat(this.permits.isOpen()).isFalse();
	}

	@Test
	void openAndCloseKeepCounts() {
		this.permits.open();
		this.permits.tryAcquire();
		this.permits.tryAcquire();
		this.permits.tryRelease();
		this.permits.close();
		this.permits.close();
		this.permits.open();
		this.permits.open();
		assertThat(this.permits.isOpen()).isTrue();
		assertThat(this.permits.inFlight()).isOne();
		assertThat(this.permits.calls()).isEqualTo(2);
		assertThat(this.permits.ended()).isOne();
	}

	@Test
	void closeIfFullDoesNothingWhenPermitIsFree() {
		this.permits.open();
		this.permits.tryAcquire();
		assertThat(this.permits.closeIfFull()).isFalse();
		assertThat(this.permits.isOpen()).isTrue();
	}

	@Test
	void closeIfFullClosesWhenNoPermitIsFree() {
		this.permits.open();
		this.permits.tryAcquire();
		this.permits.tryAcquire();
		assertThat(this.permits.closeIfFull()).isTrue();
		assertThat(this.permits.isOpen()).isFalse();
		assertThat(this.permits.inFlight()).isEqualTo(2);
		assertThat(this.permits.closeIfFull()).as("still full").isTrue();
	}

	@Test
	void callCountsOnAcquireAndItsEndOnRelease() {
		this.permits.open();
		this.permits.tryAcquire();
		this.permits.tryAcquire();
		this.permits.tryAcquire();
		assertThat(this.permits.calls()).isEqualTo(2);
		assertThat(this.permits.ended()).isZero();
		this.permits.tryRelease();
		assertThat(this.permits.ended()).isOne();
		this.permits.close();
		this.permits.release();
		assertThat(this.permits.ended()).isEqualTo(2);
		assertThat(this.permits.calls()).isEqualTo(2);
	}

	@Test
	void undoneAcquireIsNotCountedAsCall() {
		this.permits.acquire();
		this.permits.acquire();
		this.permits.undoAcquire();
		assertThat(this.permits.inFlight()).isOne();
		assertThat(this.permits.calls()).isOne();
		assertThat(this.permits.ended()).isZero();
	}

	@Test
	void acquireWhileOpenIsSample() {
		this.permits.acquire();
		this.permits.open();
		this.permits.tryAcquire();
		assertThat(this.permits.collectSamples()).as("without the acquire while closed").isOne();
		assertThat(this.permits.collectSamples()).as("each sample is collected once").isZero();
	}

	@Test
	void closeAndOpenKeepSamples() {
		this.permits.open();
		this.permits.tryAcquire();
		this.permits.close();
		this.permits.acquire();
		this.permits.release();
		this.permits.open();
		this.permits.tryAcquire();
		this.permits.open();
		assertThat(this.permits.closeIfFull()).isTrue();
		assertThat(this.permits.closeIfFull()).isTrue();
		assertThat(this.permits.collectSamples()).isEqualTo(2);
		assertThat(this.permits.collectSamples()).isZero();
	}

	@Test
	void unsampledAcquireIsNoSample() {
		assertThat(this.permits.tryAcquireUnsampled()).as("closed").isFalse();
		this.permits.open();
		this.permits.tryAcquire();
		assertThat(this.permits.tryAcquireUnsampled()).isTrue();
		assertThat(this.permits.tryAcquireUnsampled()).as("full").isFalse();
		assertThat(this.permits.collectSamples()).isOne();
	}

	@Test
	void limitIsAtMostMaximumCount() {
		assertThat(new Permits(PoolSettings.UNLIMITED).limit()).isEqualTo(Permits.MOST);
		assertThat(new Permits(Permits.MOST).limit()).isEqualTo(Permits.MOST);
		assertThat(new Permits(Permits.MOST - 1).limit()).isEqualTo(Permits.MOST - 1);
	}

	@Test
	void countsDoNotOverflowAtMaximum() {
		Permits permits = new Permits(PoolSettings.UNLIMITED);
		permits.open();
		for (int i = 0; i < Permits.MOST; i++) {
			permits.tryAcquire();
		}
		assertThat(permits.inFlight()).isEqualTo(Permits.MOST);
		assertThat(permits.calls()).isEqualTo(Permits.MOST);
		assertThat(permits.tryAcquire()).isFalse();
		assertThat(permits.isOpen()).isTrue();
		assertThat(permits.closeIfFull()).isTrue();
	}

	@Test
	void toStringShowsCountLimitAndState() {
		this.permits.acquire();
		assertThat(this.permits).hasToString("1 of 2, closed");
		this.permits.open();
		assertThat(this.permits).hasToString("1 of 2");
	}

	@Test
	void concurrentAcquiresNeverExceedLimit() throws Exception {
		Race race = new Race(3, 50_000);
		race.run();
		assertThat(race.max).as("permits acquired concurrently").hasValueBetween(1, 3);
		assertThat(race.permits.inFlight()).isZero();
		assertThat(race.permits.calls()).isEqualTo(200_000);
		assertThat(race.permits.ended()).isEqualTo(200_000);
	}

	/** Threads that acquire and release permits while another opens and closes them. */
	private static final class Race {

		private static final int CALLERS = 4;

		final Permits permits;

		final AtomicInteger max = new AtomicInteger();

		private final int calls;

		private final AtomicInteger inside = new AtomicInteger();

		private final AtomicInteger running = new AtomicInteger(CALLERS);

		private final ReentrantLock lock = new ReentrantLock();

		private final CyclicBarrier start = new CyclicBarrier(CALLERS + 1);

		Race(int limit, int calls) {
			this.permits = new Permits(limit);
			this.calls = calls;
		}

		void run() throws Exception {
			ExecutorService threads = Executors.newFixedThreadPool(CALLERS + 1);
			try {
				List<Callable<Void>> tasks = new ArrayList<>();
				for (int i = 0; i < CALLERS; i++) {
					tasks.add(this::acquireAndRelease);
				}
				tasks.add(this::openAndClose);
				for (Future<Void> task : threads.invokeAll(tasks)) {
					task.get();
				}
			}
			finally {
				threads.shutdownNow();
			}
		}

		private Void acquireAndRelease() throws Exception {
			this.start.await();
			try {
				int calls = 0;
				while (calls < this.calls && !Thread.currentThread().isInterrupted()) {
					if (this.permits.tryAcquire()) {
						calls++;
						this.max.accumulateAndGet(this.inside.incrementAndGet(), Math::max);
						this.inside.decrementAndGet();
						release();
					}
				}
			}
			finally {
				this.running.decrementAndGet();
			}
			return null;
		}

		private void release() {
			if (!this.permits.tryRelease()) {
				this.lock.lock();
				try {
					this.permits.release();
				}
				finally {
					this.lock.unlock();
				}
			}
		}

		private Void openAndClose() throws Exception {
			this.start.await();
			while (this.running.get() > 0) {
				this.lock.lock();
				try {
					this.permits.open();
				}
				finally {
					this.lock.unlock();
				}
				Thread.yield();
				this.lock.lock();
				try {
					if (!this.permits.closeIfFull()) {
						this.permits.close();
					}
				}
				finally {
					this.lock.unlock();
				}
			}
			return null;
		}

	}

}
