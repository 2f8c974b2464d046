package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.Lease;
import dev.servicepool.Pool;
import dev.servicepool.PoolSnapshot;
import dev.servicepool.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

/**
 * Tests for {@link Lease}: its outcomes and their effect on the load score.
 */
class LeaseTests {

	/** Latency in nanoseconds that the load metric assumes for the first service. */
	private static final double FIRST_LATENCY = 30e6;

	/** Time in nanoseconds after which the weight of an estimate has decayed to 1/e. */
	private static final double DECAY = 10e9;

	private final PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(2).maxServices(1)).started();

	@Test
	void leaseReturnsItsServiceAndTarget() {
		Lease<String, String> lease = this.fixture.lease();
		assertThat(lease.service()).isSameAs(this.fixture.services.get(0));
		assertThat(lease.target()).isEqualTo(Target.of("test"));
		assertThat(lease).hasToString("Lease of service 1 for test in pool 'test'");
	}

	@Test
	void leaseCountsAsInFlightUntilItEnds() {
		Lease<String, String> lease = this.fixture.lease();
		lease.recordResponse();
		assertThat(this.fixture.snapshot().load().inFlight()).isOne();
		lease.succeed();
		assertThat(this.fixture.snapshot().load().inFlight()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void leaseIsCountedByItsOutcome(End end) {
		this.fixture.hit(1);
		assertThat(end.of(this.fixture.lease())).isTrue();
		assertThat(calls(this.fixture.pool)).isEqualTo(switch (end) {
			case SUCCEEDED -> List.of(2L, 0L, 0L, 0L);
			case FAILED -> List.of(1L, 1L, 0L, 0L);
			case UNSENT -> List.of(1L, 0L, 1L, 0L);
			case CLOSED -> List.of(1L, 0L, 0L, 1L);
		});
		assertThat(this.fixture.snapshot().services().get(0).totals().calls()).isEqualTo(2);
		assertThat(this.fixture.snapshot().services().get(0).totals().failures())
			.isEqualTo((end == End.FAILED) ? 1 : 0);
	}

	@ParameterizedTest
	@EnumSource
	void callsAfterFirstEndAreIgnored(End first) {
		Lease<String, String> lease = this.fixture.lease();
		first.of(lease);
		List<Long> calls = calls(this.fixture.pool);
		assertThat(lease.succeed()).isFalse();
		assertThat(lease.fail(new IOException("late"))).isFalse();
		assertThat(lease.returnUnsent()).isFalse();
		lease.close();
		lease.recordResponse();
		assertThat(calls(this.fixture.pool)).isEqualTo(calls);
	}

	@ParameterizedTest
	@EnumSource
	void permitIsReleasedOnce(End first) {
		List<Lease<String, String>> leases = this.fixture.leases(2);
		first.of(leases.get(0));
		for (End end : End.values()) {
			end.of(leases.get(0));
		}
		assertThat(this.fixture.snapshot().load().inFlight()).isOne();
		this.fixture.lease();
		this.fixture.miss();
	}

	@Test
	void latencyEndsWithRecordedResponse() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(100));
		lease.recordResponse();
		assertThat(load()).as("latency times requests in flight plus one").isCloseTo(2 * 100e6, withinPercentage(0.5));
	}

	@Test
	void onlyFirstRecordedResponseCounts() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(100));
		lease.recordResponse();
		this.fixture.after(Duration.ofSeconds(5));
		lease.recordResponse();
		lease.succeed();
		assertThat(load()).as("decays from the response on").isCloseTo(decayed(100e6, 5), withinPercentage(0.5));
	}

	@Test
	void latencyEndsWithLeaseWhenNoResponseIsRecorded() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(200));
		lease.succeed();
		assertThat(load()).isCloseTo(200e6, withinPercentage(0.5));
	}

	@ParameterizedTest
	@EnumSource(names = { "UNSENT", "CLOSED" })
	void leaseWithoutOutcomeDoesNotChangeLatencyEstimate(End end) {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofSeconds(1));
		assertThat(load()).as("the age of an active lease counts").isCloseTo(2 * 1e9, withinPercentage(0.5));
		end.of(lease);
		assertThat(load()).as("the initial estimate has only decayed")
			.isCloseTo(decayed(FIRST_LATENCY, 1), withinPercentage(0.5));
	}

	@Test
	void fastFailureCostsMoreThanSlowResponse() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(1));
		lease.fail(new IOException("refused"));
		assertThat(load()).isCloseTo(5e9, withinPercentage(0.5));
	}

	@Test
	void slowFailureCostsTenTimesItsDuration() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofSeconds(1));
		lease.fail(new IOException("timeout"));
		assertThat(load()).isCloseTo(1e10, withinPercentage(0.5));
	}

	@Test
	void failureAfterResponseCountsAndCostsAsFailure() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(100));
		lease.recordResponse();
		this.fixture.after(Duration.ofSeconds(5));
		assertThat(lease.fail(new IOException("reset"))).isTrue();
		assertThat(calls(this.fixture.pool)).containsExactly(0L, 1L, 0L, 0L);
		assertThat(load()).isCloseTo(5e9, withinPercentage(0.5));
		this.fixture.lease().succeed();
		assertThat(load()).as("its latency has not changed").isLessThan(1.01 * decayed(100e6, 5));
	}

	@Test
	void callAcquiresAndEndsLease() throws Exception {
		List<Integer> inFlight = new ArrayList<>();
		PoolFixture[] fixture = new PoolFixture[1];
		fixture[0] = PoolFixture.of(new FakeServices().creations((service) -> (request) -> {
			inFlight.add(fixture[0].snapshot().load().inFlight());
			return service.call(request);
		}), (pool) -> pool).started();
		assertThat(fixture[0].pool.call("hello")).isEqualTo("service-1: hello");
		assertThat(inFlight).containsExactly(1);
		assertThat(fixture[0].snapshot().load().inFlight()).isZero();
		assertThat(calls(fixture[0].pool)).containsExactly(1L, 0L, 0L, 0L);
	}

	@Test
	void exceptionOfCallIsPropagatedAndCountedAsFailure() {
		List<Exception> thrown = List.of(new IOException("checked"), new IllegalStateException("unchecked"));
		for (Exception each : thrown) {
			PoolFixture fixture = PoolFixture.of(new FakeServices().creations((service) -> (request) -> {
				throw each;
			}), (pool) -> pool).started();
			assertThatThrownBy(() -> fixture.pool.call("hello")).isSameAs(each).hasNoSuppressedExceptions();
			assertThat(calls(fixture.pool)).containsExactly(0L, 1L, 0L, 0L);
			assertThat(fixture.snapshot().load().inFlight()).isZero();
		}
	}

	@Test
	void interruptOfCallIsPropagatedAndCountedAsUnknown() {
		InterruptedException interrupt = new InterruptedException("by the service");
		PoolFixture fixture = PoolFixture.of(new FakeServices().creations((service) -> (request) -> {
			throw interrupt;
		}), (pool) -> pool).started();
		assertThatThrownBy(() -> fixture.pool.call("hello")).isSameAs(interrupt);
		assertThat(fixture.snapshot().totals().calls().unknown()).isOne();
		assertThat(fixture.snapshot().totals().calls().failed()).isZero();
	}

	@Test
	void errorOfCallIsPropagatedAndCountedAsFailure() {
		Error error = new StackOverflowError();
		PoolFixture fixture = PoolFixture.of(new FakeServices().creations((service) -> (request) -> {
			throw error;
		}), (pool) -> pool).started();
		assertThatThrownBy(() -> fixture.pool.call("hello")).isSameAs(error);
		assertThat(calls(fixture.pool)).containsExactly(0L, 1L, 0L, 0L);
		assertThat(fixture.snapshot().load().inFlight()).isZero();
	}

	/** Return the load score of the peak EWMA metric, in nanoseconds. */
	private double load() {
		return this.fixture.snapshot().services().get(0).load().score() * 1e6;
	}

	private double decayed(double latency, int seconds) {
		return latency * Math.exp(-seconds * 1e9 / DECAY);
	}

	private static List<Long> calls(Pool<?, ?> pool) {
		PoolSnapshot.Calls calls = pool.snapshot().totals().calls();
		return List.of(calls.succeeded(), calls.failed(), calls.unsent(), calls.unknown());
	}

	/** The outcomes of a lease. */
	private enum End {

		SUCCEEDED, FAILED, UNSENT, CLOSED;

		/** Return whether this call ended the lease. Always {@code true} for a close. */
		boolean of(Lease<?, ?> lease) {
			return switch (this) {
				case SUCCEEDED -> lease.succeed();
				case FAILED -> lease.fail(new IOException("failed"));
				case UNSENT -> lease.returnUnsent();
				case CLOSED -> {
					lease.close();
					yield true;
				}
			};
		}

	}

}
