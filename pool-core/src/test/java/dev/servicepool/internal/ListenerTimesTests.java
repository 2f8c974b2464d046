package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.internal.util.Figures;
import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolEvent;
import dev.servicepool.PoolListener;
import dev.servicepool.Target;
import dev.servicepool.TimingListener;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the times that a {@link TimingListener} receives, and for the notification
 * that a pool is closed.
 */
class ListenerTimesTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final Times times = new Times();

	@Test
	void activeTimeIsReportedForEachOutcome() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.timingListener(this.times)).started();
		List<Lease<String, String>> leases = fixture.leases(5);
		leases.get(0).succeed();
		fixture.after(SECOND);
		leases.get(1).fail(new IOException());
		fixture.after(SECOND);
		leases.get(2).returnUnsent();
		fixture.after(SECOND);
		leases.get(3).close();
		fixture.after(SECOND);
		((PoolLease<String, String>) leases.get(4)).endRefused();
		assertThat(this.times.released).containsExactly("test 0s", "test 1s", "test 2s", "test 3s", "test 4s");
	}

	@Test
	void activeTimeIsReportedOnceWhenLeaseEndsTwice() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.timingListener(this.times)).started();
		Lease<String, String> lease = fixture.lease();
		lease.succeed();
		lease.fail(new IOException());
		lease.close();
		assertThat(this.times.released).hasSize(1);
	}

	@Test
	void activeTimeIsReportedAfterPermitIsReleased() {
		PoolFixture[] fixture = new PoolFixture[1];
		List<Integer> inFlight = new ArrayList<>();
		fixture[0] = PoolFixture.of((pool) -> pool.timingListener(new Times() {
			@Override
			public void onReleased(String pool, long activeNanos) {
				inFlight.add(fixture[0].snapshot().load().inFlight());
			}
		})).started();
		fixture[0].lease().succeed();
		fixture[0].lease().fail(new IOException());
		assertThat(inFlight).containsExactly(0, 0);
	}

	@Test
	void activeTimeIsReportedWhenMetricNeedsNoTimes() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.loadMetric(LoadMetric.pendingRequests()).timingListener(this.times))
			.started();
		Lease<String, String> lease = fixture.lease();
		fixture.after(SECOND);
		lease.succeed();
		assertThat(this.times.released).containsExactly("test 1s");
	}

	@Test
	void failuresAreForgottenWhenMetricNeedsNoTimes() {
		Target failing = Target.of("failing");
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.targets(failing, Target.of("working"))
				.loadMetric(LoadMetric.pendingRequests())
				.outlierDetection((detection) -> detection.consecutiveFailures(0).failureRate(0))
				.timingListener(this.times))
			.started();
		for (int i = 0; i < 500; i++) {
			Lease<String, String> lease = fixture.lease();
			fixture.after(Duration.ofMillis(1));
			if (i > 100 && lease.target().equals(failing)) {
				lease.fail(new IOException());
			}
			else {
				lease.succeed();
			}
		}
		fixture.after(Duration.ofMinutes(1));
		int calls = 0;
		for (int i = 0; i < 1000; i++) {
			Lease<String, String> lease = fixture.lease();
			calls += lease.target().equals(failing) ? 1 : 0;
			lease.succeed();
		}
		assertThat(calls).isBetween(400, 600);
	}

	@Test
	void clockIsNotReadWithoutTimingListener() {
		long[] readings = new long[1];
		FakeTime time = new FakeTime();
		Pool<String, String> pool = Pool.builder().loadMetric(LoadMetric.constant()).listener((event) -> {
		}).scheduler(time).ticker(() -> {
			readings[0]++;
			return time.nanos();
		}).executor(Runnable::run).build(new FakeServices());
		pool.start();
		long before = readings[0];
		for (int i = 0; i < 100; i++) {
			assertThat(pool.tryAcquire()).isNotNull().satisfies(Lease::succeed);
		}
		assertThat(readings[0] - before).as("readings for the demand").isLessThan(10);
	}

	@Test
	void creationTimeIsReported() {
		PoolFixture[] fixture = new PoolFixture[1];
		FakeServices services = new FakeServices().creations(FakeServices.takes(() -> fixture[0].time.advance(SECOND)),
				FakeServices.fails(new IOException()));
		fixture[0] = PoolFixture.of(services, (pool) -> pool.minServices(2).timingListener(this.times));
		fixture[0].started();
		assertThat(this.times.created).as("times without the failed creation").containsExactly("test 1s");
	}

	@Test
	void closeIsReportedOnce() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.closeTimeout(Duration.ZERO).listener(this.times)).started();
		assertThat(this.times.closed).isEmpty();
		fixture.pool.close();
		fixture.pool.close();
		assertThat(this.times.closed).containsExactly("test");
	}

	@Test
	void throwingListenerDoesNotAffectOthers() {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.closeTimeout(Duration.ZERO)
				.listener(new Throwing())
				.listener(this.times)
				.timingListener(new Throwing())
				.timingListener(this.times))
			.started();
		fixture.lease().succeed();
		fixture.pool.close();
		assertThat(fixture.snapshot().load().inFlight()).isZero();
		assertThat(this.times.created).hasSize(1);
		assertThat(this.times.released).hasSize(1);
		assertThat(this.times.closed).hasSize(1);
	}

	private static class Times implements PoolListener, TimingListener {

		final List<String> released = new ArrayList<>();

		final List<String> created = new ArrayList<>();

		final List<String> closed = new ArrayList<>();

		@Override
		public void onEvent(PoolEvent event) {
		}

		@Override
		public void onReleased(String pool, long activeNanos) {
			this.released.add(pool + " " + Figures.of(Duration.ofNanos(activeNanos)));
		}

		@Override
		public void onCreated(String pool, long elapsedNanos) {
			this.created.add(pool + " " + Figures.of(Duration.ofNanos(elapsedNanos)));
		}

		@Override
		public void onClosed(String pool) {
			this.closed.add(pool);
		}

	}

	private static final class Throwing implements PoolListener, TimingListener {

		@Override
		public void onEvent(PoolEvent event) {
			throw new IllegalStateException("listener");
		}

		@Override
		public void onAcquired(String pool, long waitNanos) {
			throw new IllegalStateException("listener");
		}

		@Override
		public void onReleased(String pool, long activeNanos) {
			throw new IllegalStateException("listener");
		}

		@Override
		public void onCreated(String pool, long elapsedNanos) {
			throw new IllegalStateException("listener");
		}

		@Override
		public void onClosed(String pool) {
			throw new IllegalStateException("listener");
		}

	}

}
