package dev.servicepool.internal;

import java.util.function.UnaryOperator;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A seeded random walk over all operations of the real pool. It checks the invariants
 * after every step.
 */
class RandomWalkTests {

	private static final int STEPS = 50_000;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6 })
	void everyInvariantIsTrueAfterEveryStep(long seed) {
		walk(new RandomWalk(seed, UnaryOperator.identity()));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6 })
	void everyInvariantIsTrueWhileServicesAreReplaced(long seed) {
		walk(new ReplacementWalk(seed));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6 })
	void everyInvariantIsTrueWhileTargetsChangeTheirZones(long seed) {
		walk(new ZoneWalk(seed));
	}

	private static void walk(RandomWalk walk) {
		for (int step = 0; step < STEPS; step++) {
			walk.step();
		}
		walk.end();
		assertThat(walk.kinds()).as("number of each kind of event").doesNotContain(0L);
	}

}
