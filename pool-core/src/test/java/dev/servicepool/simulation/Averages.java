package dev.servicepool.simulation;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * The mean figures of a scenario under a policy over several seeds.
 *
 * @param scenario the scenario
 * @param policy the policy
 * @param outcomes the outcome for each seed
 */
record Averages(Scenario scenario, Policy policy, List<Outcome> outcomes) {

	/**
	 * Run a scenario with each seed, or reuse the outcomes of earlier runs.
	 * @param seeds the number of runs, each with other random numbers
	 */
	static Averages of(Scenario scenario, Policy policy, int seeds) {
		return new Averages(scenario, policy,
				LongStream.rangeClosed(1, seeds)
					.parallel()
					.mapToObj((seed) -> Run.outcome(scenario, policy, seed))
					.toList());
	}

	double meanServices() {
		return mean(Outcome::meanServices);
	}

	double resizesPerMinute() {
		return mean(Outcome::resizesPerMinute);
	}

	double replacementsPerMinute() {
		return mean(Outcome::replacementsPerMinute);
	}

	double waitedPercent() {
		return mean((outcome) -> 100 * outcome.waitedShare());
	}

	double rejected() {
		return mean(Outcome::rejected);
	}

	double rejectedPercent() {
		return mean((outcome) -> 100.0 * outcome.rejected() / (outcome.served() + outcome.rejected()));
	}

	double rejectedAfterMillis() {
		return mean((outcome) -> 1000 * outcome.meanRejectedWait());
	}

	/**
	 * Return the callers that received a response within 1 s after their arrival, in
	 * percent of the capacity of the largest pool of HTTP clients.
	 */
	double withinOneSecondPercent() {
		double capacity = Scenarios.HTTP_SERVICES * this.scenario.limit / this.scenario.meanSeconds;
		return mean((outcome) -> 100 * outcome.withinOneSecond() / capacity);
	}

	double p99WaitMillis() {
		return mean((outcome) -> 1000 * outcome.p99Wait());
	}

	double p999WaitMillis() {
		return mean((outcome) -> 1000 * outcome.p999Wait());
	}

	double recovery() {
		return mean(Outcome::recovery);
	}

	private double mean(ToDoubleFunction<Outcome> figure) {
		return this.outcomes.stream().mapToDouble(figure).average().orElseThrow();
	}

}
