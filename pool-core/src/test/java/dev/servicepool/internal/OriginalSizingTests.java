package dev.servicepool.internal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

import dev.servicepool.Lease;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests that the size decisions of a pool without a headroom guard equal those of the
 * original, sample by sample.
 */
class OriginalSizingTests {

	private static final int SAMPLES = 20_000;

	private static final int MAX_SERVICES = 6;

	private final PoolFixture fixture = PoolFixture
		.of((pool) -> pool.maxConcurrency(2)
			.maxServices(MAX_SERVICES)
			.headroomWindow(Duration.ZERO)
			.idleTimeout(Duration.ZERO))
		.started();

	private final OriginalSizing oracle = new OriginalSizing(MAX_SERVICES);

	private final Deque<Lease<String, String>> leases = new ArrayDeque<>();

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void sameSamplesLeadToSameDecisionsAsOriginal(long seed) {
		Random random = new Random(seed);
		int changes = 0;
		int before = 1;
		for (int sample = 0; sample < SAMPLES; sample++) {
			// Quiet and busy periods of 1500 samples alternate.
			boolean busy = (sample / 1500) % 2 == 1;
			release(random, busy ? 0.45 : 1);
			acquire();
			if (this.oracle.creating && random.nextInt(5) == 0) {
				finishCreation();
			}
			// Drained services free their slots immediately.
			assertThat(size()).as("services after sample %d", sample).isEqualTo(this.oracle.services);
			assertThat(this.fixture.snapshot().size().creating() == 1).isEqualTo(this.oracle.creating);
			assertThat(this.fixture.load()).isCloseTo(this.oracle.estimate(), within(1e-12));
			changes += (this.oracle.services != before) ? 1 : 0;
			before = this.oracle.services;
		}
		assertThat(changes).as("changes of size").isGreaterThan(20);
	}

	private void acquire() {
		Lease<String, String> lease = this.fixture.pool.tryAcquire();
		if (lease != null) {
			this.leases.addLast(lease);
			this.oracle.ready();
		}
		else {
			this.oracle.pending();
		}
	}

	private void release(Random random, double share) {
		while (!this.leases.isEmpty() && random.nextDouble() < share) {
			this.leases.removeFirst().succeed();
		}
		if (!this.oracle.creating) {
			this.fixture.settle();
		}
	}

	private void finishCreation() {
		this.fixture.settle();
		this.oracle.created();
	}

	private int size() {
		return this.fixture.total();
	}

}
