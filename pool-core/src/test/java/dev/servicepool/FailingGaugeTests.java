package dev.servicepool;

import java.io.IOException;
import java.util.Collection;

import dev.servicepool.load.LoadGauge;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A load metric that fails costs no place and no count.
 */
class FailingGaugeTests {

	private final Gauge gauge = new Gauge();

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.maxConcurrency(1).maxServices(1).loadMetric(this.gauge))
		.started();

	@Test
	void aGaugeThatFailsAtTheStartOfACallLosesNoPlace() {
		this.gauge.failsAtStart = true;
		assertThatIllegalStateException().isThrownBy(() -> this.fixture.pool.tryAcquire()).withMessage("started");
		assertThat(this.fixture.snapshot().inFlight()).isZero();
		assertThat(this.fixture.snapshot().calls().unknown()).isOne();
		this.gauge.failsAtStart = false;
		this.fixture.lease();
	}

	@Test
	void aGaugeThatFailsAtTheStartOfACallThatHasWaitedLeavesThePlaceToTheNext() {
		Lease<String, String> lease = this.fixture.lease();
		Waiter<String, String> first = this.fixture.ask();
		Waiter<String, String> second = this.fixture.ask();
		lease.succeeded();
		this.gauge.failsAtStart = true;
		assertThatIllegalStateException().isThrownBy(() -> this.fixture.lease(first));
		this.gauge.failsAtStart = false;
		assertThat(second.isSettled()).isTrue();
		this.fixture.lease(second).succeeded();
		assertThat(this.fixture.snapshot().inFlight()).isZero();
	}

	@Test
	void aGaugeThatFailsAtTheHeadLeavesTheLeaseToBeEnded() {
		Lease<String, String> lease = this.fixture.lease();
		this.gauge.failsAtResponse = true;
		assertThatIllegalStateException().isThrownBy(lease::responded).withMessage("responded");
		assertThat(this.fixture.snapshot().inFlight()).isOne();
		assertThat(lease.succeeded()).isTrue();
		assertThat(this.fixture.snapshot().inFlight()).isZero();
		assertThat(this.fixture.snapshot().calls().succeeded()).isOne();
	}

	@Test
	void aGaugeThatFailsAtTheEndOfACallLosesNeitherThePlaceNorTheOutcome() {
		Lease<String, String> answered = this.fixture.lease();
		this.gauge.failsAtResponse = true;
		assertThatIllegalStateException().isThrownBy(answered::succeeded).withMessage("responded");
		Lease<String, String> failed = this.fixture.lease();
		assertThatIllegalStateException().isThrownBy(() -> failed.failed(new IOException("call")));
		assertThat(failed.failed(new IOException("again"))).as("has ended").isFalse();
		assertThat(this.fixture.snapshot().inFlight()).isZero();
		assertThat(this.fixture.snapshot().calls().succeeded()).isOne();
		assertThat(this.fixture.snapshot().calls().failed()).isOne();
	}

	@Test
	void aGaugeHearsOfEachCallOnceHoweverItEnds() {
		for (int i = 0; i < 4; i++) {
			Lease<String, String> lease = this.fixture.lease();
			lease.responded();
			lease.responded();
			lease.succeeded();
			lease.close();
			this.fixture.lease().failed(new IOException("call"));
			this.fixture.lease().unsent();
			this.fixture.lease().close();
		}
		assertThat(this.gauge.starts).isEqualTo(16);
		assertThat(this.gauge.responses).isEqualTo(16);
	}

	@Test
	void aMetricThatHasNoGaugeForANewServiceIsAFailedMake() {
		PoolFixture fixture = PoolFixture.of((pool) -> pool.loadMetric((live, now) -> {
			throw new IllegalStateException("no gauge");
		})).started();
		assertThat(fixture.total()).isZero();
		assertThat(fixture.snapshot().makes().failed()).isOne();
		assertThat(fixture.snapshot().lastDecision().why()).contains("no gauge");
		assertThat(fixture.services.get(0).closes).isOne();
	}

	private static final class Gauge implements LoadMetric, LoadGauge {

		boolean failsAtStart;

		boolean failsAtResponse;

		int starts;

		int responses;

		@Override
		public LoadGauge newGauge(Collection<? extends LoadGauge> live, long now) {
			return this;
		}

		@Override
		public void started(long now) {
			this.starts++;
			if (this.failsAtStart) {
				throw new IllegalStateException("started");
			}
		}

		@Override
		public void responded(long startedAt, long now, Outcome outcome) {
			this.responses++;
			if (this.failsAtResponse) {
				throw new IllegalStateException("responded");
			}
		}

		@Override
		public double load(long now, int pending) {
			return pending;
		}

	}

}
