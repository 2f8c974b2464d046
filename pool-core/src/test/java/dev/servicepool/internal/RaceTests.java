package dev.servicepool.internal;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.servicepool.internal.leak.LeaseRecord;
import dev.servicepool.internal.leak.LeaseTracker;
import dev.servicepool.internal.permit.Permits;
import dev.servicepool.Lease;
import dev.servicepool.load.LoadTracker;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two threads that use the same permit, lease, or waiter concurrently.
 */
@Timeout(60)
class RaceTests {

	@Test
	void twoThreadsAcquireTwoFreePermits() throws Exception {
		InStep.run(() -> new PermitRace(2, 0), PermitRace::acquire, PermitRace::alsoAcquire, (race) -> {
			check("both threads have a permit", race.acquired && race.alsoAcquired);
			check("both changes are counted", race.permits.inFlight() == 2 && race.permits.calls() == 2);
		});
	}

	@Test
	void oneOfTwoThreadsAcquiresLastPermit() throws Exception {
		InStep.run(() -> new PermitRace(1, 0), PermitRace::acquire, PermitRace::alsoAcquire, (race) -> {
			check("one thread has the permit", race.acquired != race.alsoAcquired);
			check("the permit is counted", race.permits.inFlight() == 1 && race.permits.calls() == 1);
		});
	}

	@Test
	void twoThreadsReleasePermitsOfOpenServiceWithoutLock() throws Exception {
		InStep.run(() -> new PermitRace(2, 2), PermitRace::release, PermitRace::alsoRelease, (race) -> {
			check("both threads succeeded", race.released && race.alsoReleased);
			check("both changes are counted", race.permits.inFlight() == 0 && race.permits.ended() == 2);
		});
	}

	@Test
	void permitIsAcquiredWhileAnotherIsReleased() throws Exception {
		InStep.run(() -> new PermitRace(2, 1), PermitRace::acquire, PermitRace::release, (race) -> {
			check("both threads succeeded", race.acquired && race.released);
			check("both changes are counted", race.permits.inFlight() == 1 && race.permits.ended() == 1);
		});
	}

	@Test
	void permitReleasedUnderLockIsCountedWhenServiceIsOpen() throws Exception {
		InStep.run(() -> new PermitRace(2, 1), PermitRace::acquire, (race) -> race.permits.release(), (race) -> {
			check("the permit was acquired", race.acquired);
			check("both changes are counted", race.permits.inFlight() == 1 && race.permits.ended() == 1);
		});
	}

	@Test
	void serviceIsNotClosedAsFullWhenPermitIsReleased() throws Exception {
		InStep.run(() -> new PermitRace(1, 1), PermitRace::closeIfFull, PermitRace::release, (race) -> {
			check("the service was either full or had a free permit", race.full != race.released);
			check("the service is closed if it was full", race.permits.isOpen() != race.full);
			check("the permit is counted", race.permits.inFlight() == (race.released ? 0 : 1));
		});
	}

	@Test
	void permitAcquiredWhileServiceClosesIsCounted() throws Exception {
		InStep.run(() -> new PermitRace(2, 1), PermitRace::acquire, (race) -> race.permits.close(), (race) -> {
			check("the service is closed", !race.permits.isOpen());
			check("the permit is counted", race.permits.inFlight() == (race.acquired ? 2 : 1));
		});
	}

	@Test
	void permitReleasedWhileServiceClosesIsFree() throws Exception {
		InStep.run(() -> new PermitRace(2, 2), PermitRace::release, (race) -> race.permits.close(), (race) -> {
			check("the service is closed", !race.permits.isOpen());
			check("the permit is free", race.permits.inFlight() == (race.released ? 1 : 2));
		});
	}

	@Test
	void oneOfTwoThreadsEndsLease() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		assertLeaseEndsOnce(fixture, (race) -> race.ended(race.lease.succeed()),
				(race) -> race.ended(race.lease.returnUnsent()));
	}

	@Test
	void oneOfTwoThreadsFailsLease() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		IOException cause = new IOException("down");
		assertLeaseEndsOnce(fixture, (race) -> race.ended(race.lease.fail(cause)),
				(race) -> race.ended(race.lease.fail(cause)));
	}

	@Test
	void leaseEndsOnceWhenItFailsAndSucceedsConcurrently() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		IOException cause = new IOException("down");
		assertLeaseEndsOnce(fixture, (race) -> race.ended(race.lease.fail(cause)),
				(race) -> race.ended(race.lease.succeed()));
	}

	private void assertLeaseEndsOnce(PoolFixture fixture, Consumer<LeaseRace> one, Consumer<LeaseRace> other)
			throws Exception {
		InStep.run(() -> new LeaseRace(fixture), one, other, (race) -> {
			check("exactly one thread has ended the lease", race.ended.get() == 1);
			check("the permit was released once", race.member.permits.inFlight() == 0);
		});
	}

	@Test
	void responseIsMeasuredOnceWhenTwoThreadsRecordIt() throws Exception {
		CountingMetric metric = new CountingMetric();
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).loadMetric(metric)).started();
		InStep.run(() -> new LeaseRace(fixture), (race) -> race.lease.recordResponse(),
				(race) -> race.lease.recordResponse(), (race) -> {
					race.lease.close();
					check("the response of the lease is measured once", metric.responses.getAndSet(0) == 1);
				});
	}

	@Test
	void permitsAreOccupiedOnceWhenTwoThreadsOccupyThem() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(10)).started();
		fixture.hit(1);
		InStep.run(() -> new LeaseRace(fixture), (race) -> race.lease.occupy(0.3), (race) -> race.lease.occupy(0.3),
				(race) -> {
					check("the request occupies three permits", race.member.permits.limit() == 8);
					race.lease.close();
					check("no permit is occupied", race.member.permits.limit() == 10);
				});
	}

	@Test
	void endedLeaseOccupiesNoPermitsWhenOccupiedConcurrently() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(10)).started();
		fixture.hit(1);
		InStep.run(() -> {
			LeaseRace race = new LeaseRace(fixture);
			race.lease.recordResponse();
			return race;
		}, (race) -> race.lease.occupy(0.3), (race) -> race.ended(race.lease.succeed()), (race) -> {
			check("the lease has ended", !race.lease.succeed());
			check("no permit is occupied", race.member.permits.limit() == 10);
		});
	}

	@Test
	void unsentRequestIsNeverCountedAsSuccess() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		InStep.run(() -> new LeaseRace(fixture), (race) -> race.lease.returnUnsent(), LeaseRace::watch,
				(race) -> check("never counted as success", !race.seenSuccess));
	}

	@Test
	void abandonedGrantIsNeverCountedAsSuccess() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		InStep.run(() -> new LeaseRace(fixture), (race) -> fixture.acquirer().abandon(race.waiter), LeaseRace::watch,
				(race) -> check("never counted as success", !race.seenSuccess));
	}

	@Test
	void settledCallerSeesItsService() throws Exception {
		Member<String, String> member = new LeaseRace(PoolFixture.of((pool) -> pool).started()).member;
		InStep.run(() -> new Settling(), (settling) -> settling.waiter.grant(member), Settling::await,
				(settling) -> check("the caller is granted the service", settling.granted == member));
	}

	@Test
	void settledCallerSeesItsRejection() throws Exception {
		Rejection rejection = new Rejection(Rejection.Reason.CLOSED, "pool is closed", null, null);
		InStep.run(() -> new Settling(), (settling) -> settling.waiter.reject(rejection), Settling::await,
				(settling) -> check("the caller is rejected", settling.rejection == rejection));
	}

	@Test
	void permitReleasedWhileCallerTimesOutIsNotLost() throws Exception {
		HandOff.run(HandOff::giveUp, (handOff) -> {
			check("the caller is settled", handOff.second.isSettled());
			boolean granted = handOff.second.granted() != null;
			check("the caller is either granted or rejected", granted != (handOff.second.rejection() != null));
			check("the permit belongs to the caller or is free", handOff.inFlight() == (granted ? 1 : 0));
			if (granted) {
				handOff.fixture.lease(handOff.second).succeed();
			}
		});
	}

	@Test
	void permitReleasedWhileCallerIsInterruptedIsNotLost() throws Exception {
		HandOff.run(HandOff::abandon, (handOff) -> check("the permit is free", handOff.inFlight() == 0));
	}

	@Test
	void permitReleasedWhileCallerArrivesIsNotLost() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).maxServices(1)).started();
		InStep.run(() -> new HandOff(fixture, fixture.lease()), HandOff::end, HandOff::ask, (handOff) -> {
			check("the caller has the permit", handOff.second.granted() != null);
			fixture.lease(handOff.second).succeed();
			check("the permit is free", handOff.inFlight() == 0);
		});
	}

	@Test
	void readySampleIsCountedOnceWhenSamplesAreCollected() throws Exception {
		InStep.run(Samples::new, Samples::admit, Samples::collect, (samples) -> {
			samples.collect();
			check("one sample is collected", samples.collected == 1);
		});
	}

	@Test
	void readySampleIsCountedOnceWhenServiceCloses() throws Exception {
		InStep.run(Samples::new, Samples::admit, (samples) -> samples.permits.close(), (samples) -> {
			samples.collect();
			check("the sample is collected if the request was admitted",
					samples.collected == (samples.admitted ? 1 : 0));
		});
		InStep.run(Samples::new, Samples::admit, (samples) -> samples.permits.closeIfFull(), (samples) -> {
			samples.collect();
			check("one sample is collected", samples.collected == 1);
		});
	}

	@Test
	void leaseIsRemovedWhileAnotherIsAdded() throws Exception {
		InStep.run(TrackedLeases::new, (leases) -> leases.leaseTracker.add(leases.added),
				(leases) -> leases.leaseTracker.remove(leases.removed), (leases) -> {
					check("the added lease is active", leases.leaseTracker.oldest() == leases.added);
					leases.leaseTracker.remove(leases.added);
					check("no lease is active", leases.leaseTracker.oldest() == null);
				});
	}

	/** Throw an error if a condition is false. Cheaper than an AssertJ assertion. */
	private static void check(String rule, boolean condition) {
		if (!condition) {
			throw new AssertionError("Violated: " + rule);
		}
	}

	/** The permits of one open service. */
	private static final class PermitRace {

		final Permits permits;

		boolean acquired;

		boolean alsoAcquired;

		boolean released;

		boolean alsoReleased;

		boolean full;

		PermitRace(int limit, int inFlight) {
			this.permits = new Permits(limit);
			this.permits.open();
			for (int i = 0; i < inFlight; i++) {
				this.permits.acquire();
			}
		}

		void acquire() {
			this.acquired = this.permits.tryAcquire();
		}

		void alsoAcquire() {
			this.alsoAcquired = this.permits.tryAcquire();
		}

		void release() {
			this.released = this.permits.tryRelease();
		}

		void alsoRelease() {
			this.alsoReleased = this.permits.tryRelease();
		}

		void closeIfFull() {
			this.full = this.permits.closeIfFull();
		}

	}

	/** One lease of the only service of a pool. */
	private static final class LeaseRace {

		final Waiter<String, String> waiter;

		final Member<String, String> member;

		final Lease<String, String> lease;

		final AtomicInteger ended = new AtomicInteger();

		private final long succeededBefore;

		boolean seenSuccess;

		LeaseRace(PoolFixture fixture) {
			this.waiter = fixture.ask();
			this.lease = fixture.lease(this.waiter);
			this.member = this.waiter.granted();
			this.succeededBefore = this.member.outcomes.succeeded();
		}

		void ended(boolean here) {
			if (here) {
				this.ended.incrementAndGet();
			}
		}

		/** Read the counts until the permit is free, and once more after that. */
		void watch() {
			boolean free;
			do {
				free = this.member.permits.inFlight() == 0;
				this.seenSuccess |= this.member.outcomes.succeeded() > this.succeededBefore;
			}
			while (!free && !Thread.currentThread().isInterrupted());
		}

	}

	/** A caller that checks whether it is settled. */
	private static final class Settling {

		final Waiter<String, String> waiter = new Waiter<>(0);

		Member<String, String> granted;

		Rejection rejection;

		void await() {
			while (!this.waiter.isSettled() && !Thread.currentThread().isInterrupted()) {
				Thread.onSpinWait();
			}
			this.granted = this.waiter.granted();
			this.rejection = this.waiter.rejection();
		}

	}

	/** The only permit of a pool, and a second caller that requests it. */
	private static final class HandOff {

		final PoolFixture fixture;

		private final Lease<String, String> first;

		Waiter<String, String> second;

		HandOff(PoolFixture fixture, Lease<String, String> first) {
			this.fixture = fixture;
			this.first = first;
		}

		/**
		 * End the first lease while the second caller, which waits for its permit, acts.
		 */
		static void run(Consumer<HandOff> second, Consumer<HandOff> check) throws InterruptedException {
			PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).maxServices(1)).started();
			Supplier<HandOff> waiting = () -> {
				HandOff handOff = new HandOff(fixture, fixture.lease());
				handOff.ask();
				return handOff;
			};
			InStep.run(waiting, HandOff::end, second, check);
		}

		void end() {
			this.first.succeed();
		}

		void ask() {
			this.second = this.fixture.ask();
		}

		void giveUp() {
			this.fixture.acquirer().giveUp(this.second);
		}

		void abandon() {
			this.fixture.acquirer().abandon(this.second);
		}

		int inFlight() {
			return this.fixture.snapshot().load().inFlight();
		}

	}

	/** A request that is admitted while ready samples are collected. */
	private static final class Samples {

		final Permits permits = new Permits(1);

		boolean admitted;

		long collected;

		Samples() {
			this.permits.open();
		}

		void admit() {
			this.admitted = this.permits.tryAcquire();
		}

		void collect() {
			this.collected += this.permits.collectSamples();
		}

	}

	/** A lease that ends, and another one that begins. */
	private static final class TrackedLeases {

		final LeaseTracker leaseTracker = new LeaseTracker();

		final LeaseRecord removed = new LeaseRecord(0, null);

		final LeaseRecord added = new LeaseRecord(1, null);

		TrackedLeases() {
			this.leaseTracker.add(this.removed);
		}

	}

	/**
	 * A metric that reports the same load score for all services and counts responses.
	 */
	private static final class CountingMetric implements LoadMetric {

		final AtomicInteger responses = new AtomicInteger();

		@Override
		public LoadTracker newTracker(Collection<? extends LoadTracker> live, long now) {
			return new LoadTracker() {
				@Override
				public void started(long now) {
				}

				@Override
				public void completed(long startedAt, long now, Outcome outcome) {
					CountingMetric.this.responses.incrementAndGet();
				}

				@Override
				public double load(long now, int pending) {
					return 0;
				}
			};
		}

	}

}
