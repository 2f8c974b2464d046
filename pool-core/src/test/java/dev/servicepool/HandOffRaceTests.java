package dev.servicepool;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of two threads that meet at a whole pool, which has to tell them apart
 * under its lock.
 */
@Timeout(60)
class HandOffRaceTests {

	@Test
	void twoWhoAskForOneServiceDoNotAskItAtOnce() throws Exception {
		PoolFixture fixture = PoolFixture
			.of(new FakeServices().polled(), (pool) -> pool.maxConcurrency(2).maxServices(1))
			.started();
		InStep.run(() -> new Two(fixture), Two::ask, Two::alsoAsk, (two) -> {
			check("the service has not noticed", fixture.total() == 1);
			check("one at least is served", two.first.isSettled() || two.second.isSettled());
			two.end();
		});
		assertThat(fixture.services.created).hasSize(1);
	}

	@Test
	void oneRequestTriesAnEjectedServiceThoughTwoFindItAtOnce() throws Exception {
		InStep.run(() -> new Two(withOneEjected(new FakeServices()).after(Duration.ofSeconds(2))), Two::ask,
				Two::alsoAsk, (two) -> check("one of them",
						two.first.probe != two.second.probe && two.first.granted() != two.second.granted()));
	}

	@Test
	void whoeverWaitsAndIsToTryAnEjectedServiceKnowsItWhenItIsServed() throws Exception {
		InStep.run(() -> new Trial(new FakeServices()), Trial::begin, Trial::await,
				(trial) -> check("it is known", trial.known));
	}

	@Test
	void soDoesOneForWhomTheServiceIsAsked() throws Exception {
		InStep.run(() -> new Trial(new FakeServices().polled()), Trial::begin, Trial::await,
				(trial) -> check("it is known", trial.known));
	}

	@Test
	void ofTwoWhoCloseAPoolOneDoes() throws Exception {
		InStep.run(Closing::new, Closing::close, Closing::close,
				(closing) -> check("one has", closing.closed.get() == 1));
	}

	@Test
	void aRequestWhosePlaceIsFreeHasFailedIfItHas() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		IOException cause = new IOException("down");
		InStep.run(() -> new Failing(fixture), (failing) -> failing.lease.fail(cause), Failing::watch,
				(failing) -> check("was never answered", !failing.seenAnswered));
	}

	@Test
	void noEventWaitsUntilThereIsAnotherThoughTwoComeToTellOfTheirs() throws Exception {
		InStep.run(Telling::new, Telling::tell, Telling::tell, (telling) -> {
			check("both are told", telling.told.get() == 2);
			check("one after the other", !telling.atOnce);
		});
	}

	/** A pool of two services, the first used of which has just been ejected. */
	private static PoolFixture withOneEjected(FakeServices services) {
		PoolFixture fixture = PoolFixture
			.of(services,
					(pool) -> pool.targets(Target.of("a"), Target.of("b"))
						.maxConcurrency(1)
						.outlierDetection((detection) -> detection.consecutiveFailures(1)))
			.started();
		fixture.lease().fail(new IOException("down"));
		return fixture;
	}

	/** Cheaper than an assertion object for each of many thousands of meetings. */
	private static void check(String what, boolean tracker) {
		if (!tracker) {
			throw new AssertionError("Not so: " + what);
		}
	}

	/** Two callers who do not wait. */
	private static final class Two {

		final PoolFixture fixture;

		Waiter<String, String> first;

		Waiter<String, String> second;

		Two(PoolFixture fixture) {
			this.fixture = fixture;
		}

		void ask() {
			this.first = this.fixture.engine().ask(false);
		}

		void alsoAsk() {
			this.second = this.fixture.engine().ask(false);
		}

		/** Those who are served are done. */
		void end() {
			Stream.of(this.first, this.second)
				.filter(Waiter::isSettled)
				.forEach((served) -> this.fixture.lease(served).succeed());
		}

	}

	/** A caller who waits, and an ejected service that will be tried by it in time. */
	private static final class Trial {

		private final PoolFixture fixture;

		private final Waiter<String, String> waiter;

		boolean known;

		Trial(FakeServices services) {
			this.fixture = withOneEjected(services);
			this.fixture.lease();
			this.waiter = this.fixture.ask();
		}

		void begin() {
			this.fixture.after(Duration.ofSeconds(2));
		}

		void await() {
			while (!this.waiter.isSettled() && !Thread.currentThread().isInterrupted()) {
				Thread.onSpinWait();
			}
			this.known = this.waiter.probe;
		}

	}

	/** A pool that is closed. */
	private static final class Closing {

		private final PoolFixture fixture = PoolFixture.of((pool) -> pool);

		final AtomicInteger closed = new AtomicInteger();

		void close() {
			if (this.fixture.engine().close()) {
				this.closed.incrementAndGet();
			}
		}

	}

	/** A request that fails while somebody looks at the counts. */
	private static final class Failing {

		final Lease<String, String> lease;

		private final Member<String, String> member;

		private final long answered;

		boolean seenAnswered;

		Failing(PoolFixture fixture) {
			Waiter<String, String> waiter = fixture.ask();
			this.lease = fixture.lease(waiter);
			this.member = waiter.granted();
			this.answered = this.member.succeeded();
		}

		void watch() {
			boolean free;
			do {
				free = this.member.permits.inFlight() == 0;
				this.seenAnswered |= this.member.succeeded() > this.answered;
			}
			while (!free && !Thread.currentThread().isInterrupted());
		}

	}

	/** Events that a listener is told of. */
	private static final class Telling {

		private static final PoolEvent EVENT = new PoolEvent("test", 1, FakeTime.START, PoolEvent.Type.CREATED, null,
				"", null, 1, 1);

		final AtomicInteger told = new AtomicInteger();

		private final AtomicBoolean busy = new AtomicBoolean();

		volatile boolean atOnce;

		private final ListenerNotifier notifier = new ListenerNotifier("test", List.of((event) -> {
			this.atOnce |= this.busy.getAndSet(true);
			this.told.incrementAndGet();
			this.busy.set(false);
		}), List.of());

		void tell() {
			this.notifier.add(EVENT);
			this.notifier.deliver();
		}

	}

}
