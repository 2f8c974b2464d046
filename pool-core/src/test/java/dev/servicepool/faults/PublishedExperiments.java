package dev.servicepool.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import dev.servicepool.PoolBuilder;
import dev.servicepool.load.LoadMetric;

/**
 * Published experiments, repeated with this pool. The main method prints figures for the
 * benchmarks.
 */
public final class PublishedExperiments {

	/**
	 * Maximum response times of the endpoints in the published run of tower's demo.
	 * @see <a href="https://github.com/tower-rs/tower/pull/76">tower #76</a>
	 */
	static final List<Integer> PUBLISHED_MILLIS = List.of(1, 10, 10, 10, 10, 100, 100, 100, 100, 1000);

	static final int PUBLISHED_CALLERS = 50;

	/**
	 * Maximum response times after a later change of the demo, without published figures.
	 */
	static final List<Integer> LATER_MILLIS = List.of(1, 5, 10, 10, 10, 100, 100, 100, 500, 1000);

	static final int LATER_CALLERS = 500;

	/** Published percentiles. */
	static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9);

	/** Published values of the percentiles, in whole milliseconds. */
	static final Map<String, List<Integer>> PUBLISHED_PERCENTILES = Map.of("peak EWMA", List.of(5, 56, 96, 105),
			"least loaded", List.of(5, 57, 98, 857), "round robin", List.of(9, 98, 906, 988));

	/**
	 * Published share of successful calls, in percent.
	 * @see <a href=
	 * "https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency/">Beyond
	 * Round Robin</a>
	 */
	static final Map<String, Double> PUBLISHED_SUCCESS = Map.of("peak EWMA", 99.9, "least loaded", 99.0, "round robin",
			95.0);

	private static final Map<String, LoadMetric> METRICS = Map.of("peak EWMA", LoadMetric.peakEwma(), "least loaded",
			LoadMetric.pendingRequests());

	private static final int CALLS = 50_000;

	private static final int SEEDS = 3;

	private PublishedExperiments() {
	}

	/**
	 * Return the scenario of Linkerd's "Beyond Round Robin": one of 11 backends is slow
	 * for half of the time, and the response timeout is 1 s.
	 */
	static FaultScenario beyondRoundRobin() {
		List<Backend> backends = new ArrayList<>(Collections.nCopies(11, Backend.working(0.167)));
		backends.set(0, backends.get(0).except(Reply.response(2), 15, 45));
		return FaultScenario.of(backends, 1000, 60, 1);
	}

	/**
	 * Run the demo of tower's balancer. Callers call again as soon as they receive a
	 * response. An endpoint accepts as many concurrent calls as there are callers. Its
	 * response times are evenly distributed up to its own maximum.
	 */
	static CallLog balanceDemo(String balancer, List<Integer> maxMillis, int callers, long seed) {
		List<Backend> backends = maxMillis.stream()
			.<Backend>map((max) -> (now, random) -> Reply.response(max / 1000.0 * random.nextDouble()))
			.toList();
		FaultScenario scenario = new FaultScenario(backends, 0, 0, Double.POSITIVE_INFINITY, 30, callers, callers,
				false);
		LoadMetric metric = METRICS.get(balancer);
		if (metric == null) {
			return FaultSimulation.roundRobin(scenario, callers, CALLS, seed);
		}
		UnaryOperator<PoolBuilder> options = (builder) -> builder.loadMetric(metric).coldAfter(Duration.ZERO);
		return FaultSimulation.pool(scenario, callers, CALLS, seed, options);
	}

	/** Return the percentiles in whole milliseconds, as the demo does. */
	static List<Integer> percentileMillis(CallLog log) {
		return PERCENTILES.stream()
			.map((percent) -> (int) (1000 * log.percentile(percent, 0, Double.POSITIVE_INFINITY)))
			.toList();
	}

	private static double successPercent(String balancer, long seed) {
		LoadMetric metric = METRICS.get(balancer);
		CallLog log = (metric != null)
				? FaultSimulation.pool(beyondRoundRobin(), seed, (builder) -> builder.loadMetric(metric))
				: FaultSimulation.roundRobin(beyondRoundRobin(), seed);
		return log.successPercent(0, 60);
	}

	/**
	 * Print the figures of a balancer in an experiment, once for each seed.
	 * @param arguments the name of the balancer, which follows {@code published} for the
	 * published figures; whether to use only one seed; the name of the experiment
	 */
	public static void main(String[] arguments) {
		boolean published = arguments[0].startsWith("published ");
		String balancer = arguments[0].substring(arguments[0].indexOf(' ') + 1);
		int seeds = (published || Boolean.parseBoolean(arguments[1])) ? 1 : SEEDS;
		for (int seed = 1; seed <= seeds; seed++) {
			switch (arguments[2]) {
				case "beyond-round-robin" -> figure("calls that succeed", "%",
						published ? PUBLISHED_SUCCESS.get(balancer) : successPercent(balancer, seed));
				case "balance-demo" -> percentiles(published ? PUBLISHED_PERCENTILES.get(balancer)
						: percentileMillis(balanceDemo(balancer, PUBLISHED_MILLIS, PUBLISHED_CALLERS, seed)));
				case "later-balance-demo" ->
					percentiles(percentileMillis(balanceDemo(balancer, LATER_MILLIS, LATER_CALLERS, seed)));
				default -> throw new IllegalArgumentException(arguments[2]);
			}
		}
	}

	private static void percentiles(List<Integer> millis) {
		for (int i = 0; i < millis.size(); i++) {
			figure("p" + String.valueOf(PERCENTILES.get(i)).replace(".0", ""), "ms", millis.get(i));
		}
	}

	private static void figure(String measure, String unit, double value) {
		System.out.println("figure\t" + measure + "\t" + unit + "\t" + value);
	}

}
