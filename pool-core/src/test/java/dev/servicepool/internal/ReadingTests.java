package dev.servicepool.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

import dev.servicepool.Lease;
import dev.servicepool.PoolEvent;
import dev.servicepool.Target;
import dev.servicepool.load.LoadMetric;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that reading the state of a pool does not change its decisions.
 */
class ReadingTests {

	private static final int STEPS = 10_000;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void readingDoesNotChangeDecisions(long seed) {
		List<String> expected = decisions(seed, 0);
		assertThat(expected).hasSizeGreaterThan(20);
		assertThat(decisions(seed, 1)).isEqualTo(expected);
		assertThat(decisions(seed, 5)).isEqualTo(expected);
	}

	/**
	 * Let a pool process random calls, and read its state after each step.
	 * @param reads the number of reads after each step
	 * @return the events of the pool, and the targets of its calls
	 */
	private static List<String> decisions(long seed, int reads) {
		PoolFixture fixture = PoolFixture
			.of((pool) -> pool.targets(List.of(Target.of("a"), Target.of("b"), Target.of("c")))
				.maxServices(8)
				.maxConcurrency(4)
				.idleTimeout(Duration.ofMinutes(1))
				.loadMetric(LoadMetric.pendingRequests()))
			.started();
		Random random = new Random(seed);
		Deque<Lease<String, String>> leases = new ArrayDeque<>();
		StringBuilder targets = new StringBuilder();
		int busy = 0;
		for (int step = 0; step < STEPS; step++) {
			busy = (step % 500 == 0) ? random.nextInt(24) : busy;
			Lease<String, String> lease = (leases.size() < busy) ? fixture.pool.tryAcquire() : null;
			if (lease != null) {
				targets.append(lease.target().name());
				leases.add(lease);
			}
			else if (!leases.isEmpty()) {
				end(leases.remove(), random);
			}
			fixture.after(Duration.ofMillis(random.nextInt(100)));
			for (int read = 0; read < reads; read++) {
				assertThat(fixture.pool.snapshot().load().inFlight()).isEqualTo(leases.size());
			}
		}
		List<String> decisions = new ArrayList<>(fixture.events.stream().map(PoolEvent::toString).toList());
		decisions.add(targets.toString());
		return decisions;
	}

	private static void end(Lease<String, String> lease, Random random) {
		if (random.nextInt(20) == 0) {
			lease.fail(new IOException("down"));
		}
		else {
			lease.succeed();
		}
	}

}
