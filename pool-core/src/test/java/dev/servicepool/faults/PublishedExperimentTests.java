package dev.servicepool.faults;

import java.io.IOException;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import dev.servicepool.simulation.GeneratedPages;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * A comparison with published results of the same algorithms.
 */
@Tag("slow")
class PublishedExperimentTests {

	@ParameterizedTest
	@ValueSource(strings = { "peak EWMA", "least loaded" })
	void atLeastAsManyCallsSucceedAsInBeyondRoundRobin(String balancer) {
		PublishedExperiment experiment = PublishedExperiment.BEYOND_ROUND_ROBIN;
		assertThat(means(experiment, balancer).get(0))
			.isGreaterThanOrEqualTo(experiment.published.get(balancer).get(0));
	}

	@ParameterizedTest
	@ValueSource(strings = { "peak EWMA", "least loaded" })
	void percentilesDoNotExceedThoseOfTowersDemo(String balancer) {
		assertPercentiles(balancer, (measured, published) -> assertThat(measured).isLessThanOrEqualTo(published));
	}

	/** Check that this experiment reproduces the published one. */
	@Test
	void roundRobinPercentilesMatchThoseOfTowersDemo() {
		assertPercentiles("round robin",
				(measured, published) -> assertThat(measured).isCloseTo(published, within(published / 50 + 1)));
	}

	@Test
	void reportIsUpToDate() throws IOException {
		GeneratedPages.check(Map.of(PublishedExperimentReport.PAGE, PublishedExperimentReport.text()),
				PublishedExperimentTests.class, "published-experiments.write");
	}

	private static void assertPercentiles(String balancer, BiConsumer<Double, Double> check) {
		assertThat(means(PublishedExperiment.DEMO, balancer))
			.zipSatisfy(PublishedExperiment.DEMO.published.get(balancer), check);
	}

	private static List<Double> means(PublishedExperiment experiment, String balancer) {
		return experiment.figures(balancer).stream().map(DoubleSummaryStatistics::getAverage).toList();
	}

}
