package dev.servicepool;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.servicepool.load.LoadTracker;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of two threads that meet at the same thing.
 */
@Timeout(60)
class RaceTests {

	@Test
	void twoWhoFindTwoPlacesFreeTakeBoth() throws Exception {
		InStep.run(() -> new PermitRace(2, 0), PermitRace::acquire, PermitRace::alsoAcquire, (race) -> {
			check("both have one", race.acquired && race.alsoAcquired);
			check("both are counted", race.permits.inFlight() == 2 && race.permits.calls() == 2);
		});
	}

	@Test
	void ofTwoWhoFindOnePlaceFreeOneTakesIt() throws Exception {
		InStep.run(() -> new PermitRace(1, 0), PermitRace::acquire, PermitRace::alsoAcquire, (race) -> {
			check("one has it", race.acquired != race.alsoAcquired);
			check("it is counted", race.permits.inFlight() == 1 && race.permits.calls() == 1);
		});
	}

	@Test
	void twoWhoGiveBackPlacesOfAnOpenServiceNeedNoLock() throws Exception {
		InStep.run(() -> new PermitRace(2, 2), PermitRace::release, PermitRace::alsoRelease, (race) -> {
			check("both could", race.released && race.alsoReleased);
			check("both are counted", race.permits.inFlight() == 0 && race.permits.ended() == 2);
		});
	}

	@Test
	void oneComesWhileTheOtherGoes() throws Exception {
		InStep.run(() -> new PermitRace(2, 1), PermitRace::acquire, PermitRace::release, (race) -> {
			check("both could", race.acquired && race.released);
			check("both are counted", race.permits.inFlight() == 1 && race.permits.ended() == 1);
		});
	}

	@Test
	void onePlaceGivenBackUnderTheLockIsCountedThoughTheServiceIsOpenAgain() throws Exception {
		InStep.run(() -> new PermitRace(2, 1), PermitRace::acquire, (race) -> race.permits.release(), (race) -> {
			check("it was taken", race.acquired);
			check("both are counted", race.permits.inFlight() == 1 && race.permits.ended() == 1);
		});
	}

	@Test
	void aServiceIsNotClosedAsFullWhenItsPlaceHasJustBeenGivenBack() throws Exception {
		InStep.run(() -> new PermitRace(1, 1), PermitRace::closeIfFull, PermitRace::release, (race) -> {
			check("it was either full or free", race.full != race.released);
			check("it is closed if it was full", race.permits.isOpen() != race.full);
			check("the place is counted", race.permits.inFlight() == (race.released ? 0 : 1));
		});
	}

	@Test
	void whoeverHasAPlaceOfAServiceThatClosesIsCounted() throws Exception {
		InStep.run(() -> new PermitRace(2, 1), PermitRace::acquire, (race) -> race.permits.close(), (race) -> {
			check("it is closed", !race.permits.isOpen());
			check("the place is counted", race.permits.inFlight() == (race.acquired ? 2 : 1));
		});
	}

	@Test
	void whoeverLeavesAServiceThatClosesIsNotCounted() throws Exception {
		InStep.run(() -> new PermitRace(2, 2), PermitRace::release, (race) -> race.permits.close(), (race) -> {
			check("it is closed", !race.permits.isOpen());
			check("the place is free", race.permits.inFlight() == (race.released ? 1 : 2));
		});
	}

	@Test
	void ofTwoWhoEndALeaseOneDoes() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		ends(fixture, (meeting) -> meeting.ended(meeting.lease.succeed()),
				(meeting) -> meeting.ended(meeting.lease.returnUnsent()));
	}

	@Test
	void ofTwoWhoSayThatALeaseHasFailedOneIsHeard() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		IOException cause = new IOException("down");
		ends(fixture, (meeting) -> meeting.ended(meeting.lease.fail(cause)),
				(meeting) -> meeting.ended(meeting.lease.fail(cause)));
	}

	@Test
	void ofOneWhoEndsALeaseAndOneWhoSaysThatItHasFailedOneIsHeard() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		IOException cause = new IOException("down");
		ends(fixture, (meeting) -> meeting.ended(meeting.lease.fail(cause)),
				(meeting) -> meeting.ended(meeting.lease.succeed()));
	}

	private void ends(PoolFixture fixture, Consumer<Meeting> one, Consumer<Meeting> other) throws Exception {
		InStep.run(() -> new Meeting(fixture), one, other, (meeting) -> {
			check("one of them has ended it", meeting.ended.get() == 1);
			check("its place was given back once", meeting.member.permits.inFlight() == 0);
		});
	}

	@Test
	void aResponseIsMeasuredOnceThoughTwoSayThatItHasBegun() throws Exception {
		CountingMetric metric = new CountingMetric();
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).loadMetric(metric)).started();
		InStep.run(() -> new Meeting(fixture), (meeting) -> meeting.lease.recordResponse(),
				(meeting) -> meeting.lease.recordResponse(), (meeting) -> {
					meeting.lease.close();
					check("once for each lease", metric.responses.getAndSet(0) == 1);
				});
	}

	@Test
	void aRequestTakesMorePlacesOnceThoughTwoSayThatItDoes() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(10)).started();
		fixture.hit(1);
		InStep.run(() -> new Meeting(fixture), (meeting) -> meeting.lease.occupy(0.3),
				(meeting) -> meeting.lease.occupy(0.3), (meeting) -> {
					check("three places are taken", meeting.member.permits.limit() == 8);
					meeting.lease.close();
					check("none is taken any more", meeting.member.permits.limit() == 10);
				});
	}

	@Test
	void aRequestThatEndsTakesNoPlaceAnyMoreWhateverIsSaidMeanwhile() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1).maxConcurrency(10)).started();
		fixture.hit(1);
		InStep.run(() -> {
			Meeting meeting = new Meeting(fixture);
			meeting.lease.recordResponse();
			return meeting;
		}, (meeting) -> meeting.lease.occupy(0.3), (meeting) -> meeting.ended(meeting.lease.succeed()), (meeting) -> {
			check("it has ended", !meeting.lease.succeed());
			check("no place is taken", meeting.member.permits.limit() == 10);
		});
	}

	@Test
	void aRequestWhosePlaceIsFreeHasItsOutcome() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		InStep.run(() -> new Meeting(fixture), (meeting) -> meeting.lease.returnUnsent(), Meeting::watch,
				(meeting) -> check("was never answered", !meeting.seenAnswered));
	}

	@Test
	void aGrantThatIsGivenBackIsNeverTakenForAnAnswer() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		InStep.run(() -> new Meeting(fixture), (meeting) -> fixture.engine().abandon(meeting.waiter), Meeting::watch,
				(meeting) -> check("was never answered", !meeting.seenAnswered));
	}

	@Test
	void aCallerWhoSeesThatItIsSettledSeesItsService() throws Exception {
		Member<String, String> member = new Meeting(PoolFixture.of((pool) -> pool).started()).member;
		InStep.run(() -> new Settling(), (settling) -> settling.waiter.grant(member), Settling::await,
				(settling) -> check("it is granted", settling.granted == member));
	}

	@Test
	void aCallerWhoSeesThatItIsSettledSeesWhyItIsRefused() throws Exception {
		Rejection rejection = new Rejection(Rejection.Reason.CLOSED, "is closed", null, null);
		InStep.run(() -> new Settling(), (settling) -> settling.waiter.reject(rejection), Settling::await,
				(settling) -> check("it is refused", settling.rejection == rejection));
	}

	@Test
	void aPlaceThatIsGivenBackWhileItsCallerGivesUpIsNotLost() throws Exception {
		HandOff.meet(HandOff::giveUp, (handOff) -> {
			check("the caller is settled", handOff.second.isSettled());
			boolean granted = handOff.second.granted() != null;
			check("one way or the other", granted != (handOff.second.rejection() != null));
			check("the place is the caller's or free", handOff.inFlight() == (granted ? 1 : 0));
			if (granted) {
				handOff.fixture.lease(handOff.second).succeed();
			}
		});
	}

	@Test
	void aPlaceThatIsGivenBackWhileItsCallerGoesAwayIsNotLost() throws Exception {
		HandOff.meet(HandOff::abandon, (handOff) -> check("the place is free", handOff.inFlight() == 0));
	}

	@Test
	void aPlaceThatIsGivenBackWhileACallerComesIsNotLost() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(1).maxServices(1)).started();
		InStep.run(() -> new HandOff(fixture, fixture.lease()), HandOff::end, HandOff::ask, (handOff) -> {
			check("the caller has it", handOff.second.granted() != null);
			fixture.lease(handOff.second).succeed();
			check("it is free", handOff.inFlight() == 0);
		});
	}

	@Test
	void noReadySampleIsLostOrCountedTwiceWhenTheyAreTakenIn() throws Exception {
		InStep.run(Samples::new, Samples::letIn, Samples::acquire, (samples) -> {
			samples.acquire();
			check("one was taken in", samples.acquired == 1);
		});
	}

	@Test
	void noReadySampleIsLostOrCountedTwiceWhenItsServiceCloses() throws Exception {
		InStep.run(Samples::new, Samples::letIn, (samples) -> samples.permits.close(), (samples) -> {
			samples.acquire();
			check("one was taken in if it was let in", samples.acquired == (samples.letIn ? 1 : 0));
		});
		InStep.run(Samples::new, Samples::letIn, (samples) -> samples.permits.closeIfFull(), (samples) -> {
			samples.acquire();
			check("one was taken in", samples.acquired == 1);
		});
	}

	@Test
	void timesGoOnInTheOrderInWhichTheLockIsTaken() throws Exception {
		AtomicInteger clock = new AtomicInteger();
		StateLock<String, String> guard = idleGuard(clock::incrementAndGet);
		AtomicLong latest = new AtomicLong();
		AtomicBoolean back = new AtomicBoolean();
		Consumer<StateLock<String, String>> event = (it) -> it.tell((now) -> {
			if (latest.getAndSet(now) > now) {
				back.set(true);
			}
		});
		InStep.run(() -> guard, event, event, (it) -> check("never back", !back.get()));
	}

	/** The lock of a pool that nobody uses: nothing has to be done. */
	private static StateLock<String, String> idleGuard(Ticker ticker) {
		PoolFixture fixture = PoolFixture.of((pool) -> pool);
		PoolSettings settings = fixture.pool.settings();
		Random random = new Random(1);
		MemberRegistry<String, String> registry = new MemberRegistry<>(List.of(Target.of("test")), settings, random);
		ListenerNotifier notifier = new ListenerNotifier("test", List.of(), List.of());
		EventRecorder<String, String> recorder = new EventRecorder<>(new EventLog("test", fixture.time), notifier,
				registry);
		Scheduler noTime = (task, delay) -> {
		};
		EffectRunner<String, String> effects = new EffectRunner<>("test", fixture.engine(),
				new LeakLog("test", settings), ticker, noTime, TaskExecutor.of(fixture.executor, "test"));
		return new StateLock<>(new PoolState<>("test", settings, registry, recorder, random, 0), effects, notifier,
				ticker);
	}

	@Test
	void aLeaseIsTakenFromThoseThatAreHeldWhileAnotherIsAdded() throws Exception {
		InStep.run(TrackedLeases::new, (ones) -> ones.leaseTracker.add(ones.come),
				(ones) -> ones.leaseTracker.remove(ones.closed), (ones) -> {
					check("the one is held", ones.leaseTracker.oldest() == ones.come);
					ones.leaseTracker.remove(ones.come);
					check("none is", ones.leaseTracker.oldest() == null);
				});
	}

	/** Cheaper than an assertion object for each of many thousands of meetings. */
	private static void check(String what, boolean leaseTracker) {
		if (!leaseTracker) {
			throw new AssertionError("Not so: " + what);
		}
	}

	/** The places of one open service. */
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

	/** One lease of the one service of a pool. */
	private static final class Meeting {

		final Waiter<String, String> waiter;

		final Member<String, String> member;

		final Lease<String, String> lease;

		final AtomicInteger ended = new AtomicInteger();

		private final long answered;

		boolean seenAnswered;

		Meeting(PoolFixture fixture) {
			this.waiter = fixture.ask();
			this.lease = fixture.lease(this.waiter);
			this.member = this.waiter.granted();
			this.answered = this.member.succeeded();
		}

		void ended(boolean here) {
			if (here) {
				this.ended.incrementAndGet();
			}
		}

		/** Look at the counts until the place is free, and once more. */
		void watch() {
			boolean free;
			do {
				free = this.member.permits.inFlight() == 0;
				this.seenAnswered |= this.member.succeeded() > this.answered;
			}
			while (!free && !Thread.currentThread().isInterrupted());
		}

	}

	/** A caller that looks whether it is settled. */
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

	/** The only place of a pool, and a second caller who wants it. */
	private static final class HandOff {

		final PoolFixture fixture;

		private final Lease<String, String> first;

		Waiter<String, String> second;

		HandOff(PoolFixture fixture, Lease<String, String> first) {
			this.fixture = fixture;
			this.first = first;
		}

		/** The first ends while the second, who waits for its place, does something. */
		static void meet(Consumer<HandOff> second, Consumer<HandOff> check) throws InterruptedException {
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
			this.fixture.engine().giveUp(this.second);
		}

		void abandon() {
			this.fixture.engine().abandon(this.second);
		}

		int inFlight() {
			return this.fixture.snapshot().inFlight();
		}

	}

	/** A request that is let in while samples are taken in. */
	private static final class Samples {

		final Permits permits = new Permits(1);

		boolean letIn;

		long acquired;

		Samples() {
			this.permits.open();
		}

		void letIn() {
			this.letIn = this.permits.tryAcquire();
		}

		void acquire() {
			this.acquired += this.permits.collectSamples();
		}

	}

	/** A lease that has ended, and one that begins. */
	private static final class TrackedLeases {

		final LeaseTracker leaseTracker = new LeaseTracker();

		final LeaseRecord closed = new LeaseRecord(0, null);

		final LeaseRecord come = new LeaseRecord(1, null);

		TrackedLeases() {
			this.leaseTracker.add(this.closed);
		}

	}

	/** Says that all services are equally loaded, and counts responses. */
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
