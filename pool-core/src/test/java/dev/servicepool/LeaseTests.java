package dev.servicepool;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

/**
 * How a lease ends, and what that says of its service.
 */
class LeaseTests {

	/** What the load metric takes the first service of a pool to need. */
	private static final double FIRST_LATENCY = 30e6;

	/** In how many nanoseconds an estimate has lost all but 1/e of its weight. */
	private static final double DECAY = 10e9;

	private final PoolFixture fixture = PoolFixture.of((pool) -> pool.maxConcurrency(2).maxServices(1)).started();

	@Test
	void knowsItsServiceAndItsTarget() {
		Lease<String, String> lease = this.fixture.lease();
		assertThat(lease.service()).isSameAs(this.fixture.services.get(0));
		assertThat(lease.target()).isEqualTo(Target.of("test"));
		assertThat(lease).hasToString("Lease of service 1 for test in pool 'test'");
	}

	@Test
	void countsAsInFlightUntilItEnds() {
		Lease<String, String> lease = this.fixture.lease();
		lease.recordResponse();
		assertThat(this.fixture.snapshot().inFlight()).isOne();
		lease.succeed();
		assertThat(this.fixture.snapshot().inFlight()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void isCountedAsWhatItEndedIn(End end) {
		this.fixture.hit(1);
		assertThat(end.of(this.fixture.lease())).isTrue();
		assertThat(calls(this.fixture.pool)).isEqualTo(switch (end) {
			case SUCCEEDED -> List.of(2L, 0L, 0L, 0L);
			case FAILED -> List.of(1L, 1L, 0L, 0L);
			case UNSENT -> List.of(1L, 0L, 1L, 0L);
			case CLOSED -> List.of(1L, 0L, 0L, 1L);
		});
		assertThat(this.fixture.snapshot().services().get(0).calls()).isEqualTo(2);
		assertThat(this.fixture.snapshot().services().get(0).failures()).isEqualTo((end == End.FAILED) ? 1 : 0);
	}

	@ParameterizedTest
	@EnumSource
	void whatComesAfterTheFirstEndIsIgnored(End first) {
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
	void givesItsPlaceBackOnce(End first) {
		List<Lease<String, String>> leases = this.fixture.leases(2);
		first.of(leases.get(0));
		for (End end : End.values()) {
			end.of(leases.get(0));
		}
		assertThat(this.fixture.snapshot().inFlight()).isOne();
		this.fixture.lease();
		this.fixture.miss();
	}

	@Test
	void itsLatencyEndsWithTheHeadOfTheResponse() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(100));
		lease.recordResponse();
		assertThat(load()).as("latency times one in flight plus one").isCloseTo(2 * 100e6, withinPercentage(0.5));
	}

	@Test
	void onlyTheFirstHeadCounts() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(100));
		lease.recordResponse();
		this.fixture.after(Duration.ofSeconds(5));
		lease.recordResponse();
		lease.succeed();
		assertThat(load()).as("fades since the head").isCloseTo(faded(100e6, 5), withinPercentage(0.5));
	}

	@Test
	void withoutAHeadItsEndStopsTheLatency() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(200));
		lease.succeed();
		assertThat(load()).isCloseTo(200e6, withinPercentage(0.5));
	}

	@ParameterizedTest
	@EnumSource(names = { "UNSENT", "CLOSED" })
	void withoutAnOutcomeItFeedsNoEstimate(End end) {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofSeconds(1));
		assertThat(load()).as("counts with its age while it lasts").isCloseTo(2 * 1e9, withinPercentage(0.5));
		end.of(lease);
		assertThat(load()).as("as if there had been no call").isCloseTo(faded(FIRST_LATENCY, 1), withinPercentage(0.5));
	}

	@Test
	void aQuickFailureCostsMoreThanASlowAnswer() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(1));
		lease.fail(new IOException("refused"));
		assertThat(load()).isCloseTo(5e9, withinPercentage(0.5));
	}

	@Test
	void aSlowFailureCostsTenTimesWhatItTook() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofSeconds(1));
		lease.fail(new IOException("timeout"));
		assertThat(load()).isCloseTo(1e10, withinPercentage(0.5));
	}

	@Test
	void aBodyThatFailsAfterTheHeadIsAFailureAndCostsAsMuch() {
		Lease<String, String> lease = this.fixture.lease();
		this.fixture.after(Duration.ofMillis(100));
		lease.recordResponse();
		this.fixture.after(Duration.ofSeconds(5));
		assertThat(lease.fail(new IOException("reset"))).isTrue();
		assertThat(calls(this.fixture.pool)).containsExactly(0L, 1L, 0L, 0L);
		assertThat(load()).isCloseTo(5e9, withinPercentage(0.5));
		this.fixture.lease().succeed();
		assertThat(load()).as("its latency has not changed").isLessThan(1.01 * faded(100e6, 5));
	}

	@Test
	void aCallTakesALeaseAndEndsIt() throws Exception {
		List<Integer> inFlight = new ArrayList<>();
		PoolFixture[] fixture = new PoolFixture[1];
		fixture[0] = PoolFixture.of(new FakeServices().creations((service) -> (request) -> {
			inFlight.add(fixture[0].snapshot().inFlight());
			return service.call(request);
		}), (pool) -> pool).started();
		assertThat(fixture[0].pool.call("hello")).isEqualTo("service-1: hello");
		assertThat(inFlight).containsExactly(1);
		assertThat(fixture[0].snapshot().inFlight()).isZero();
		assertThat(calls(fixture[0].pool)).containsExactly(1L, 0L, 0L, 0L);
	}

	@Test
	void whatACallThrowsReachesTheCallerUnchangedAndIsAFailure() {
		List<Exception> thrown = List.of(new IOException("checked"), new IllegalStateException("unchecked"),
				new InterruptedException("by the service"));
		for (Exception each : thrown) {
			PoolFixture fixture = PoolFixture.of(new FakeServices().creations((service) -> (request) -> {
				throw each;
			}), (pool) -> pool).started();
			assertThatThrownBy(() -> fixture.pool.call("hello")).isSameAs(each).hasNoSuppressedExceptions();
			assertThat(calls(fixture.pool)).containsExactly(0L, 1L, 0L, 0L);
			assertThat(fixture.snapshot().inFlight()).isZero();
		}
	}

	@Test
	void anErrorInACallReachesTheCallerUnchangedAndIsAFailure() {
		Error error = new StackOverflowError();
		PoolFixture fixture = PoolFixture.of(new FakeServices().creations((service) -> (request) -> {
			throw error;
		}), (pool) -> pool).started();
		assertThatThrownBy(() -> fixture.pool.call("hello")).isSameAs(error);
		assertThat(calls(fixture.pool)).containsExactly(0L, 1L, 0L, 0L);
		assertThat(fixture.snapshot().inFlight()).isZero();
	}

	/** The load score of the peak EWMA metric, in nanoseconds. */
	private double load() {
		return this.fixture.snapshot().services().get(0).loadScore() * 1e6;
	}

	private double faded(double latency, int seconds) {
		return latency * Math.exp(-seconds * 1e9 / DECAY);
	}

	private static List<Long> calls(Pool<?, ?> pool) {
		PoolSnapshot.Calls calls = pool.snapshot().calls();
		return List.of(calls.succeeded(), calls.failed(), calls.unsent(), calls.unknown());
	}

	/** The ways in which a lease ends. */
	private enum End {

		SUCCEEDED, FAILED, UNSENT, CLOSED;

		/** Return whether this call ended the lease; for a close nobody can say. */
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
