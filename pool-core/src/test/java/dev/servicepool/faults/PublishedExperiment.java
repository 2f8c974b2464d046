package dev.servicepool.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.servicepool.PoolBuilder;
import dev.servicepool.load.LoadMetric;

/**
 * Published experiment, repeated with this pool and with a client that uses round robin.
 */
enum PublishedExperiment {

	/**
	 * Linkerd's experiment: one of 11 backends is slow for half of the time, and the
	 * response timeout is 1 s.
	 * @see <a href=
	 * "https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency/">Beyond
	 * Round Robin</a>
	 */
	BEYOND_ROUND_ROBIN(
			Map.of("peak EWMA", List.of(99.9), "least loaded", List.of(99.0), "round robin", List.of(95.0))) {

		@Override
		List<Double> run(String balancer, long seed) {
			LoadMetric metric = METRICS.get(balancer);
			CallLog log = (metric != null)
					? FaultSimulation.pool(scenario(), seed, (builder) -> builder.loadMetric(metric))
					: FaultSimulation.roundRobin(scenario(), seed);
			return List.of(log.successPercent(0, 60));
		}

	},

	/**
	 * The published run of the demo of tower's balancer.
	 * @see <a href="https://github.com/tower-rs/tower/pull/76">tower #76</a>
	 */
	DEMO(Map.of("peak EWMA", List.of(5.0, 56.0, 96.0, 105.0), "least loaded", List.of(5.0, 57.0, 98.0, 857.0),
			"round robin", List.of(9.0, 98.0, 906.0, 988.0))) {

		@Override
		List<Double> run(String balancer, long seed) {
			return demo(balancer, List.of(1, 10, 10, 10, 10, 100, 100, 100, 100, 1000), 50, seed);
		}

	},

	/** A later version of that demo, without published figures. */
	LATER_DEMO(Map.of()) {

		@Override
		List<Double> run(String balancer, long seed) {
			return demo(balancer, List.of(1, 5, 10, 10, 10, 100, 100, 100, 500, 1000), 500, seed);
		}

	};

	static final List<String> BALANCERS = List.of("peak EWMA", "least loaded", "round robin");

	static final int SEEDS = 3;

	private static final Map<String, LoadMetric> METRICS = Map.of("peak EWMA", LoadMetric.peakEwma(), "least loaded",
			LoadMetric.pendingRequests());

	private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9);

	private static final int CALLS = 50_000;

	/** The figures of each balancer, in the order of the columns. */
	final Map<String, List<Double>> published;

	private final Map<String, List<DoubleSummaryStatistics>> figures = new ConcurrentHashMap<>();

	PublishedExperiment(Map<String, List<Double>> published) {
		this.published = published;
	}

	/** Run the experiment with one seed, and return the figures. */
	abstract List<Double> run(String balancer, long seed);

	/** Return the figures of a balancer over all seeds. The experiment runs only once. */
	List<DoubleSummaryStatistics> figures(String balancer) {
		return this.figures.computeIfAbsent(balancer, (key) -> {
			List<List<Double>> runs = LongStream.rangeClosed(1, SEEDS)
				.parallel()
				.mapToObj((seed) -> run(balancer, seed))
				.toList();
			return IntStream.range(0, runs.get(0).size())
				.mapToObj((column) -> runs.stream().mapToDouble((run) -> run.get(column)).summaryStatistics())
				.toList();
		});
	}

	/** Return the scenario of {@link #BEYOND_ROUND_ROBIN}. */
	static FaultScenario scenario() {
		List<Backend> backends = new ArrayList<>(Collections.nCopies(11, Backend.working(0.167)));
		backends.set(0, backends.get(0).except(Reply.response(2), 15, 45));
		return FaultScenario.of(backends, 1000, 60, 1);
	}

	/**
	 * Run the demo of tower's balancer. Callers call again as soon as they receive a
	 * response. An endpoint accepts as many concurrent calls as there are callers. Its
	 * response times are evenly distributed up to its own maximum. The percentiles are
	 * whole milliseconds, as in the demo.
	 */
	private static List<Double> demo(String balancer, List<Integer> maxMillis, int callers, long seed) {
		List<Backend> backends = maxMillis.stream()
			.<Backend>map((max) -> (now, random) -> Reply.response(max / 1000.0 * random.nextDouble()))
			.toList();
		FaultScenario scenario = new FaultScenario(backends, 0, 0, Double.POSITIVE_INFINITY, 30, callers, callers,
				false);
		LoadMetric metric = METRICS.get(balancer);
		UnaryOperator<PoolBuilder> options = (builder) -> builder.loadMetric(metric).coldAfter(Duration.ZERO);
		CallLog log = (metric != null) ? FaultSimulation.pool(scenario, callers, CALLS, seed, options)
				: FaultSimulation.roundRobin(scenario, callers, CALLS, seed);
		return PERCENTILES.stream()
			.map((percent) -> Math.floor(1000 * log.percentile(percent, 0, Double.POSITIVE_INFINITY)))
			.toList();
	}

}
