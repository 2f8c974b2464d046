package dev.servicepool.faults;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What others have published of the same algorithms is what this pool does too.
 * {@link FaultToleranceTests} has the other one of the experiments.
 */
class PublishedExperimentTests {

	@ParameterizedTest
	@ValueSource(strings = { "peak EWMA", "least loaded" })
	void noPercentileOfTowersDemoIsAbove(String balancer) {
		List<Integer> published = PublishedExperiments.PUBLISHED_PERCENTILES.get(balancer);
		List<Integer> here = demo(balancer);
		for (int i = 0; i < published.size(); i++) {
			assertThat(here.get(i)).as("p%s", PublishedExperiments.PERCENTILES.get(i))
				.isLessThanOrEqualTo(published.get(i));
		}
	}

	/** So the experiment is the same. */
	@Test
	void takingTurnsIsAsSlowAsPublished() {
		List<Integer> published = PublishedExperiments.PUBLISHED_PERCENTILES.get("round robin");
		List<Integer> here = demo("round robin");
		for (int i = 0; i < published.size(); i++) {
			assertThat(here.get(i)).isCloseTo(published.get(i), within(published.get(i) / 50 + 1));
		}
	}

	private static List<Integer> demo(String balancer) {
		return PublishedExperiments.percentileMillis(PublishedExperiments.balanceDemo(balancer,
				PublishedExperiments.PUBLISHED_MILLIS, PublishedExperiments.PUBLISHED_CALLERS, 1));
	}

}
