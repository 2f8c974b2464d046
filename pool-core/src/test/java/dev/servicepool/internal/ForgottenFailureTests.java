package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;

import dev.servicepool.Lease;
import dev.servicepool.Target;
import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the failures of a readmitted service. Failures that led to the ejection do
 * not count again.
 */
class ForgottenFailureTests {

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
			.maxConcurrency(100)
			.loadMetric(LoadMetric.constant()))
		.started();

	@Test
	void failuresBeforeEjectionDoNotCountAfterReadmission() {
		for (int i = 0; i < 9; i++) {
			fail();
			lease().succeed();
		}
		fail();
		fail();
		assertThat(state()).as("11 of 20 requests failed").isEqualTo(State.EJECTED);
		this.fixture.after(Duration.ofSeconds(2));
		lease().succeed();
		fail();
		assertThat(state()).as("one failure since the readmission").isEqualTo(State.READY);
	}

	@Test
	void consecutiveFailuresRestartAfterReadmission() {
		eject();
		this.fixture.after(Duration.ofSeconds(10));
		Lease<String, String> begun = lease();
		begun.recordResponse();
		begun.fail(new IOException("connection reset"));
		assertThat(state()).as("the response ended the probation").isEqualTo(State.READY);
		eject();
	}

	@Test
	void errorResponseDoesNotEndProbation() {
		eject();
		this.fixture.after(Duration.ofSeconds(10));
		assertThat(state()).isEqualTo(State.READY);
		Lease<String, String> failing = lease();
		failing.recordErrorResponse();
		failing.fail(new IOException("status 500"));
		assertThat(state()).as("first failure on probation").isEqualTo(State.EJECTED);
	}

	@Test
	void responseToEarlierRequestDoesNotEndProbation() {
		Lease<String, String> before = lease();
		eject();
		before.succeed();
		this.fixture.after(Duration.ofSeconds(10));
		assertThat(state()).isEqualTo(State.READY);
		fail();
		assertThat(state()).as("first failure on probation").isEqualTo(State.EJECTED);
	}

	private void eject() {
		while (state() == State.READY) {
			fail();
		}
	}

	private void fail() {
		lease().fail(new IOException("down"));
	}

	/** Acquire a lease of the first service. */
	private Lease<String, String> lease() {
		Lease<String, String> lease = this.fixture.pool.tryAcquire((target) -> target.name().equals("a"));
		// Only callers that accept any service probe an ejected service.
		return (lease != null) ? lease : this.fixture.lease();
	}

	private State state() {
		return this.fixture.snapshot().services().get(0).state();
	}

}
