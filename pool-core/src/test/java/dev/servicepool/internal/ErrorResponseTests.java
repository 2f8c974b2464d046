package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;

import dev.servicepool.Lease;
import dev.servicepool.PoolSnapshot.ServiceSnapshot;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for error responses that arrive sooner than successful ones.
 */
class ErrorResponseTests {

	private static final Duration LATENCY = Duration.ofMillis(50);

	private PoolFixture fixture = fixture(LoadMetric.pendingRequests());

	@Test
	void earlyErrorCountsUntilUsualLatencyIsOver() {
		succeed();
		respondWithError(Duration.ofMillis(1)).succeed();
		assertThat(service().load().inFlight()).as("the permit is free").isZero();
		this.fixture.after(Duration.ofMillis(46));
		assertThat(service().load().score()).isOne();
		assertThat(service().load().score()).as("reading changes nothing").isOne();
		this.fixture.after(Duration.ofMillis(5));
		assertThat(service().load().score()).isZero();
	}

	@Test
	void eachEarlyErrorCounts() {
		succeed();
		for (int i = 0; i < 500; i++) {
			respondWithError(Duration.ofNanos(100_000)).succeed();
		}
		this.fixture.after(Duration.ofNanos(100_000));
		assertThat(service().load().score()).isCloseTo(499, within(15.0));
	}

	@Test
	void lateErrorDoesNotCount() {
		succeed();
		respondWithError(LATENCY).succeed();
		assertThat(service().load().score()).isZero();
	}

	@Test
	void ignoredFailureCountsLikeErrorResponse() {
		succeed();
		Lease<String, String> lease = this.fixture.lease();
		lease.fail(new IllegalArgumentException("ignored"));
		assertThat(service().load().score()).isOne();
	}

	@Test
	void latencyOfOtherServiceCountsWhenServiceHasNoSuccess() {
		this.fixture = PoolFixture
			.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
				.maxConcurrency(10)
				.loadMetric(LoadMetric.pendingRequests())
				.failureWhen((failure) -> failure instanceof IOException))
			.started();
		Lease<String, String> one = this.fixture.lease();
		Lease<String, String> other = this.fixture.lease();
		while (other.target().equals(one.target())) {
			other.close();
			other = this.fixture.lease();
		}
		other.recordErrorResponse();
		other.succeed();
		assertThat(this.fixture.snapshot().services()).as("no latency is known")
			.extracting((service) -> service.load().score())
			.containsExactlyInAnyOrder(0.0, 1.0);
		this.fixture.after(LATENCY);
		one.succeed();
		other = this.fixture.lease();
		while (other.target().equals(one.target())) {
			other.close();
			other = this.fixture.lease();
		}
		other.recordErrorResponse();
		other.succeed();
		assertThat(this.fixture.snapshot().services()).extracting((service) -> service.load().score())
			.containsExactlyInAnyOrder(0.0, 1.0);
	}

	@Test
	void errorsDoNotLowerLatencyEstimate() {
		this.fixture = fixture(LoadMetric.peakEwma());
		succeed();
		for (int i = 0; i < 10_000; i++) {
			respondWithError(Duration.ofMillis(1)).succeed();
		}
		this.fixture.after(LATENCY);
		assertThat(service().load().score()).isCloseTo(50, within(1.0));
	}

	@Test
	void errorResponseEndsColdState() {
		this.fixture = PoolFixture
			.of(new FakeServices().each((service) -> service.sharesConnection = true),
					(pool) -> pool.maxConcurrency(10).coldAfter(Duration.ofSeconds(10)))
			.started();
		assertThat(service().load().limit()).hasValue(1);
		this.fixture.lease().recordErrorResponse();
		assertThat(service().load().limit()).hasValue(10);
	}

	private static PoolFixture fixture(LoadMetric metric) {
		return PoolFixture
			.of((pool) -> pool.loadMetric(metric).failureWhen((failure) -> failure instanceof IOException))
			.started();
	}

	private void succeed() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(LATENCY);
		lease.succeed();
	}

	private Lease<String, String> respondWithError(Duration latency) {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(latency);
		lease.recordErrorResponse();
		return lease;
	}

	private ServiceSnapshot service() {
		return this.fixture.snapshot().services().get(0);
	}

}
