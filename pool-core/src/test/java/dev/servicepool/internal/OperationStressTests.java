package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolBounds;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Service;
import dev.servicepool.Target;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Operations while many threads use the pool in real time. No call fails.
 */
@Timeout(60)
class OperationStressTests {

	private static final int CALLERS = 8;

	/** Calls between two operations. */
	private static final int CALLS = 500;

	private static final int ROUNDS = 20;

	private final LongAdder calls = new LongAdder();

	private final Queue<String> violations = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean done = new AtomicBoolean();

	private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);

	private final Pool<String, String> pool = Pool.builder()
		.targets(Target.of("a"), Target.of("b"))
		.maxConcurrency(2)
		.maxServices(8)
		.headroomWindow(Duration.ZERO)
		.urgency(0.2)
		.build((target) -> new CheckedService());

	private final List<Future<?>> running = new ArrayList<>();

	/** The drain that has returned, if any, as an object of its own. */
	private volatile Drain drain;

	private record Drain(String target) {
	}

	@AfterEach
	void stop() {
		this.callers.shutdownNow();
		this.pool.close();
	}

	@Test
	void noLeaseIsAcquiredForTargetAfterItsDrain() throws Exception {
		start();
		for (int round = 0; round < ROUNDS; round++) {
			Drain drain = new Drain((round % 2 == 0) ? "a" : "b");
			this.pool.drainTarget(drain.target(), "test");
			this.drain = drain;
			awaitCalls();
			this.drain = null;
			this.pool.undrainTarget(drain.target(), "test");
			awaitCalls();
		}
		finish();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void noCallFailsWhileBoundsChange(boolean concurrencyToo) throws Exception {
		start();
		for (int round = 0; round < ROUNDS; round++) {
			int maxServices = (round % 2 == 0) ? 8 : 2;
			this.pool.changeBounds(new PoolBounds(2, maxServices, concurrencyToo ? 1 + round % 3 : null, null), "test");
			awaitCalls();
			PoolSnapshot.Size size = this.pool.snapshot().size();
			assertThat(size.live() + size.creating()).isLessThanOrEqualTo(maxServices);
		}
		finish();
	}

	@Test
	void noCallFailsWhileServicesAreReplacedAndReset() throws Exception {
		start();
		for (int round = 0; round < ROUNDS; round++) {
			this.pool.tryReplaceServices("test");
			this.pool.reset("test");
			awaitCalls();
		}
		finish();
	}

	private void start() {
		for (int i = 0; i < CALLERS; i++) {
			this.running.add(this.callers.submit(() -> {
				while (!this.done.get()) {
					call();
				}
				return null;
			}));
		}
	}

	private void call() throws Exception {
		Drain before = this.drain;
		Lease<String, String> lease = this.pool.acquire();
		if (before != null && before == this.drain && before.target().equals(lease.target().name())) {
			this.violations.add("lease for the drained target " + lease.target());
		}
		lease.service().call("request");
		if (!lease.succeed()) {
			this.violations.add("lease had already ended");
		}
		this.calls.increment();
	}

	private void awaitCalls() {
		long enough = this.calls.sum() + CALLS;
		while (this.calls.sum() < enough) {
			assertThat(this.running).noneMatch(Future::isDone);
			Thread.yield();
		}
	}

	private void finish() throws Exception {
		this.done.set(true);
		for (Future<?> each : this.running) {
			each.get();
		}
		assertThat(this.violations).isEmpty();
		PoolSnapshot.Calls totals = this.pool.snapshot().totals().calls();
		assertThat(totals).isEqualTo(new PoolSnapshot.Calls(this.calls.sum(), 0, 0, 0, 0, 0, 0));
	}

	private final class CheckedService implements Service<String, String> {

		private final AtomicInteger inside = new AtomicInteger();

		private volatile boolean closed;

		@Override
		public String call(String request) {
			this.inside.incrementAndGet();
			Thread.yield();
			if (this.closed) {
				OperationStressTests.this.violations.add("used after close");
			}
			this.inside.decrementAndGet();
			return request;
		}

		@Override
		public void close() {
			this.closed = true;
			if (this.inside.get() > 0) {
				OperationStressTests.this.violations.add("closed while in use");
			}
		}

	}

}
