package dev.servicepool.internal;

import java.io.IOException;
import java.util.Collection;

import dev.servicepool.Lease;
import dev.servicepool.load.LoadTracker;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for load trackers that fail. Such a failure loses neither a permit nor a count.
 */
class FailingTrackerTests {

	private final FailingTracker loadTracker = new FailingTracker();

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.maxConcurrency(1).maxServices(1).loadMetric(this.loadTracker))
		.started();

	@Test
	void callSucceedsWhenTrackerFailsAtStart() {
		this.loadTracker.failsAtStart = true;
		assertThat(this.fixture.lease().succeed()).isTrue();
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
		assertThat(this.fixture.snapshot().totals().calls().succeeded()).isOne();
	}

	@Test
	void callOfWaiterSucceedsWhenTrackerFailsAtStart() {
		Lease<String, String> lease = this.fixture.lease();
		Waiter<String, String> waiter = this.fixture.ask();
		lease.succeed();
		this.loadTracker.failsAtStart = true;
		assertThat(this.fixture.lease(waiter).succeed()).isTrue();
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
	}

	@Test
	void outcomeIsKeptWhenTrackerFailsAtResponse() throws Exception {
		this.loadTracker.failsAtResponse = true;
		Lease<String, String> responded = this.fixture.lease();
		responded.recordResponse();
		assertThat(this.fixture.snapshot().load().inFlight()).isOne();
		assertThat(responded.succeed()).isTrue();
		assertThat(this.fixture.lease().fail(new IOException("call"))).isTrue();
		assertThat(this.fixture.pool.call("hello")).isEqualTo("service-1: hello");
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
		assertThat(this.fixture.snapshot().totals().calls().succeeded()).isEqualTo(2);
		assertThat(this.fixture.snapshot().totals().calls().failed()).isOne();
	}

	@Test
	void loadScoreIsRequestsInFlightWhenTrackerFails() {
		this.loadTracker.failsAtLoad = true;
		Lease<String, String> lease = this.fixture.lease();
		assertThat(this.fixture.snapshot().services().get(0).load().score()).isOne();
		lease.succeed();
		assertThat(this.fixture.snapshot().services().get(0).load().score()).isZero();
	}

	@Test
	void trackerIsNotifiedOncePerCall() {
		for (int i = 0; i < 4; i++) {
			Lease<String, String> lease = this.fixture.lease();
			lease.recordResponse();
			lease.recordResponse();
			lease.succeed();
			lease.close();
			this.fixture.lease().fail(new IOException("call"));
			this.fixture.lease().returnUnsent();
			this.fixture.lease().close();
		}
		assertThat(this.loadTracker.starts).isEqualTo(16);
		assertThat(this.loadTracker.responses).isEqualTo(16);
	}

	@Test
	void creationFailsWhenMetricCreatesNoTracker() {
		assertNoCreation((live, now) -> {
			throw new IllegalStateException("load tracker failed");
		});
		assertNoCreation((live, now) -> null);
	}

	private void assertNoCreation(LoadMetric metric) {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.loadMetric(metric)).started();
		assertThat(fixture.total()).isZero();
		assertThat(fixture.snapshot().totals().creations().failed()).isOne();
		assertThat(fixture.snapshot().events().lastDecision().message()).contains("load tracker");
		assertThat(fixture.services.get(0).closes).isOne();
	}

	private static final class FailingTracker implements LoadMetric, LoadTracker {

		boolean failsAtStart;

		boolean failsAtResponse;

		boolean failsAtLoad;

		int starts;

		int responses;

		@Override
		public LoadTracker newTracker(Collection<? extends LoadTracker> live, long now) {
			return this;
		}

		@Override
		public void started(long now) {
			this.starts++;
			if (this.failsAtStart) {
				throw new AssertionError("started");
			}
		}

		@Override
		public void completed(long startedAt, long now, Outcome outcome) {
			this.responses++;
			if (this.failsAtResponse) {
				throw new AssertionError("responded");
			}
		}

		@Override
		public double load(long now, int pending) {
			if (this.failsAtLoad) {
				throw new IllegalStateException("load");
			}
			return pending;
		}

	}

}
