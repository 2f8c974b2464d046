package dev.servicepool;

import java.io.IOException;
import java.time.Duration;

import dev.servicepool.PoolSnapshot.ServiceSnapshot.State;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service that is taken back begins anew: what it was ejected for does not count again.
 */
class ForgottenFailureTests {

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.targets(Target.of("a"), Target.of("b"))
			.maxConcurrency(100)
			.loadMetric(LoadMetric.constant()))
		.started();

	@Test
	void failuresBeforeAnEjectionDoNotAddUpWithThoseAfterIt() {
		for (int i = 0; i < 9; i++) {
			fail();
			lease().succeed();
		}
		fail();
		fail();
		assertThat(state()).as("11 of 20 have failed").isEqualTo(State.EJECTED);
		this.fixture.after(Duration.ofSeconds(2));
		lease().succeed();
		fail();
		assertThat(state()).as("one has, since it was taken back").isEqualTo(State.READY);
	}

	@Test
	void norAreTheyInARowWithThem() {
		eject();
		this.fixture.after(Duration.ofSeconds(10));
		Lease<String, String> begun = lease();
		begun.recordResponse();
		begun.fail(new IOException("broken off"));
		assertThat(state()).as("the response that has begun has ended the trial").isEqualTo(State.READY);
		eject();
	}

	@Test
	void anAnswerToWhatWasSentBeforeDoesNotEndTheTrial() {
		Lease<String, String> before = lease();
		eject();
		before.succeed();
		this.fixture.after(Duration.ofSeconds(10));
		assertThat(state()).isEqualTo(State.READY);
		fail();
		assertThat(state()).as("its first failure on trial").isEqualTo(State.EJECTED);
	}

	private void eject() {
		while (state() == State.READY) {
			fail();
		}
	}

	private void fail() {
		lease().fail(new IOException("down"));
	}

	/** A lease of the first service. */
	private Lease<String, String> lease() {
		Lease<String, String> lease = this.fixture.pool.tryAcquire((target) -> target.name().equals("a"));
		// One that is ejected is tried by whoever wants any service.
		return (lease != null) ? lease : this.fixture.lease();
	}

	private State state() {
		return this.fixture.snapshot().services().get(0).state();
	}

}
