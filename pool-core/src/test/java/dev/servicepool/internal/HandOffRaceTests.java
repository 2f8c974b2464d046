package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;
import dev.servicepool.internal.event.ListenerNotifier;
import dev.servicepool.Lease;
import dev.servicepool.Readiness;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for races of callers threads at a whole pool, which the lock of the pool
 * resolves.
 */
@Timeout(60)
class HandOffRaceTests {

	@Test
	void twoCallersDoNotPollServiceConcurrently() throws Exception {
		FakeServices services = new FakeServices().each((service) -> {
			service.readiness = Readiness.READY;
			service.duringPoll = Thread::yield;
		});
		PoolFixture fixture = PoolFixture.of(services, (pool) -> pool.maxConcurrency(2).maxServices(1)).started();
		InStep.run(() -> new TwoCallers(fixture), TwoCallers::acquireFirst, TwoCallers::acquireSecond, (callers) -> {
			check("the service is still live", fixture.total() == 1);
			check("at least one caller is served", callers.first.isSettled() || callers.second.isSettled());
			callers.end();
		});
		assertThat(fixture.services.created).hasSize(1);
	}

	@Test
	void onlyOneOfTwoCallersProbesEjectedService() throws Exception {
		InStep.run(() -> new TwoCallers(withOneEjected(new FakeServices()).after(Duration.ofSeconds(2))),
				TwoCallers::acquireFirst, TwoCallers::acquireSecond,
				(callers) -> check("exactly one caller probes the service", callers.first.probe != callers.second.probe
						&& callers.first.granted() != callers.second.granted()));
	}

	@Test
	void waiterIsMarkedAsProbeWhenItIsServed() throws Exception {
		InStep.run(() -> new Probe(new FakeServices()), Probe::begin, Probe::await,
				(probe) -> check("the waiter is marked as a probe", probe.marked));
	}

	@Test
	void waiterIsMarkedAsProbeWhenServiceIsPolled() throws Exception {
		InStep.run(() -> new Probe(new FakeServices().polled()), Probe::begin, Probe::await,
				(probe) -> check("the waiter is marked as a probe", probe.marked));
	}

	@Test
	void onlyOneOfTwoThreadsClosesPool() throws Exception {
		InStep.run(Closing::new, Closing::close, Closing::close,
				(closing) -> check("exactly one thread closed the pool", closing.closed.get() == 1));
	}

	@Test
	void failureIsCountedBeforePermitIsFree() throws Exception {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.maxServices(1)).started();
		IOException cause = new IOException("down");
		InStep.run(() -> new FailingRequest(fixture), (request) -> request.lease.fail(cause), FailingRequest::watch,
				(request) -> check("the request is not counted as succeeded", !request.seenSucceeded));
	}

	@Test
	void concurrentEventsAreAllDeliveredOneAtATime() throws Exception {
		InStep.run(Delivery::new, Delivery::deliver, Delivery::deliver, (delivery) -> {
			check("both events are delivered", delivery.delivered.get() == 2);
			check("deliveries do not overlap", !delivery.overlapping);
		});
	}

	/** Create a pool with two services, one of which has just been ejected. */
	private static PoolFixture withOneEjected(FakeServices services) {
		PoolFixture fixture = PoolFixture
			.of(services,
					(pool) -> pool.targets(Target.of("a"), Target.of("b"))
						.maxConcurrency(1)
						.outlierDetection((detection) -> detection.consecutiveFailures(1)))
			.started();
		for (int failure = 0; failure < 2; failure++) {
			fixture.pool.tryAcquire((target) -> target.name().equals("a")).fail(new IOException("down"));
			fixture.settle();
		}
		return fixture;
	}

	/** Assert a condition without creating an assertion object for each meeting. */
	private static void check(String expectation, boolean condition) {
		if (!condition) {
			throw new AssertionError("Not true: " + expectation);
		}
	}

	/** Two callers that do not wait. */
	private static final class TwoCallers {

		final PoolFixture fixture;

		Waiter<String, String> first;

		Waiter<String, String> second;

		TwoCallers(PoolFixture fixture) {
			this.fixture = fixture;
		}

		void acquireFirst() {
			this.first = this.fixture.acquirer().acquire(false);
		}

		void acquireSecond() {
			this.second = this.fixture.acquirer().acquire(false);
		}

		/** End the requests of the callers that were served. */
		void end() {
			Stream.of(this.first, this.second)
				.filter(Waiter::isSettled)
				.forEach((served) -> this.fixture.lease(served).succeed());
		}

	}

	/** A waiting caller, and an ejected service that the caller probes later. */
	private static final class Probe {

		private final PoolFixture fixture;

		private final Waiter<String, String> waiter;

		boolean marked;

		Probe(FakeServices services) {
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
			this.marked = this.waiter.probe;
		}

	}

	/** A pool that two threads close. */
	private static final class Closing {

		final AtomicInteger closed = new AtomicInteger();

		private final PoolFixture fixture = PoolFixture.of((pool) -> pool.listener(new PoolListener() {

			@Override
			public void onEvent(PoolEvent event) {
				// Only the close is counted.
			}

			@Override
			public void onClosed(String pool) {
				Closing.this.closed.incrementAndGet();
			}

		}));

		void close() {
			this.fixture.pool.close();
		}

	}

	/** A request that fails while another thread reads the counts. */
	private static final class FailingRequest {

		final Lease<String, String> lease;

		private final Member<String, String> member;

		private final long succeededBefore;

		boolean seenSucceeded;

		FailingRequest(PoolFixture fixture) {
			Waiter<String, String> waiter = fixture.ask();
			this.lease = fixture.lease(waiter);
			this.member = waiter.granted();
			this.succeededBefore = this.member.outcomes.succeeded();
		}

		void watch() {
			boolean free;
			do {
				free = this.member.permits.inFlight() == 0;
				this.seenSucceeded |= this.member.outcomes.succeeded() > this.succeededBefore;
			}
			while (!free && !Thread.currentThread().isInterrupted());
		}

	}

	/** Events of two threads that are delivered to one listener. */
	private static final class Delivery {

		private static final PoolEvent EVENT = new PoolEvent("test", 1, FakeTime.START, PoolEvent.Type.CREATED, null,
				"", null, 1);

		final AtomicInteger delivered = new AtomicInteger();

		private final AtomicBoolean busy = new AtomicBoolean();

		volatile boolean overlapping;

		private final ListenerNotifier notifier = new ListenerNotifier("test", List.of((event) -> {
			this.overlapping |= this.busy.getAndSet(true);
			this.delivered.incrementAndGet();
			this.busy.set(false);
		}), List.of());

		void deliver() {
			this.notifier.add(EVENT);
			this.notifier.deliver();
		}

	}

}
