package dev.servicepool.faults;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * A comparison with published results of the same algorithms. {@link FaultToleranceTests}
 * contains the other published experiment.
 */
class PublishedExperimentTests {

	@ParameterizedTest
	@ValueSource(strings = { "peak EWMA", "least loaded" })
	void percentilesDoNotExceedThoseOfTowersDemo(String balancer) {
		List<Integer> published = PublishedExperiments.PUBLISHED_PERCENTILES.get(balancer);
		List<Integer> measured = demo(balancer);
		for (int i = 0; i < published.size(); i++) {
			assertThat(measured.get(i)).as("p%s", PublishedExperiments.PERCENTILES.get(i))
				.isLessThanOrEqualTo(published.get(i));
		}
	}

	/** Check that this experiment reproduces the published one. */
	@Test
	void roundRobinPercentilesMatchThoseOfTowersDemo() {
		List<Integer> published = PublishedExperiments.PUBLISHED_PERCENTILES.get("round robin");
		List<Integer> measured = demo("round robin");
		for (int i = 0; i < published.size(); i++) {
			assertThat(measured.get(i)).isCloseTo(published.get(i), within(published.get(i) / 50 + 1));
		}
	}

	private static List<Integer> demo(String balancer) {
		return PublishedExperiments.percentileMillis(PublishedExperiments.balanceDemo(balancer,
				PublishedExperiments.PUBLISHED_MILLIS, PublishedExperiments.PUBLISHED_CALLERS, 1));
	}

}
