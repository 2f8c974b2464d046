package dev.servicepool.benchmarks.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.servicepool.benchmarks.report.Figure;
import dev.servicepool.benchmarks.report.Table;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Plan that runs a JMH benchmark. The rows are values of one of its parameters, or its
 * methods.
 */
final class JmhPlan implements Plan {

	private static final String ALLOCATED = "gc.alloc.rate.norm";

	private static final double[] PERCENTILES = { 50, 99, 99.9 };

	private static final int MEASURED = 3;

	private static final String HEAP = "512m";

	private final String title;

	private final Class<?> benchmark;

	private String peer = "";

	private int threads = 1;

	private int feature = 17;

	private int millis = 250;

	private int warmups = 3;

	private int rounds = 2;

	private String rowParameter = "";

	private List<String> rows = List.of();

	private final Map<String, String> parameters = new LinkedHashMap<>();

	private JmhPlan(String title, Class<?> benchmark) {
		this.title = title;
		this.benchmark = benchmark;
	}

	static JmhPlan of(String title, Class<?> benchmark) {
		return new JmhPlan(title, benchmark);
	}

	/** Set the values of a parameter as the rows. The first value is the peer. */
	JmhPlan rows(String parameter, Object... values) {
		this.rowParameter = parameter;
		this.rows = List.of(values).stream().map(String::valueOf).toList();
		this.peer = this.rows.get(0);
		return this;
	}

	/** Set the methods of the benchmark as the rows. The first method is the peer. */
	JmhPlan methods(String... methods) {
		this.rows = List.of(methods);
		this.peer = methods[0];
		return this;
	}

	JmhPlan with(String parameter, Object value) {
		this.parameters.put(parameter, String.valueOf(value));
		return this;
	}

	JmhPlan threads(int threads) {
		this.threads = threads;
		return this;
	}

	/** Set the minimum Java version. The default is 17. */
	JmhPlan since(int feature) {
		this.feature = feature;
		return this;
	}

	/**
	 * Set the number of rounds. Each round measures all rows, each row in a JVM of its
	 * own. The default is 2.
	 */
	JmhPlan rounds(int rounds) {
		this.rounds = rounds;
		return this;
	}

	/**
	 * Set the number of warm-up iterations, and the duration of each iteration in
	 * milliseconds. The defaults are 3 and 250.
	 */
	JmhPlan iterations(int warmups, int millis) {
		this.warmups = warmups;
		this.millis = millis;
		return this;
	}

	@Override
	public Table table() {
		return new Table(this.title, this.peer);
	}

	@Override
	public List<String> rows() {
		return this.rows;
	}

	@Override
	public boolean runsOn(Jdk jdk) {
		return jdk.version().feature() >= this.feature;
	}

	/**
	 * Measure all rows in each round, so that the rows can be compared. The speed of a
	 * virtual machine varies over time, especially if two processors are used.
	 */
	@Override
	public List<Figure> run(Jdk jdk, Effort effort) throws Exception {
		Options options = options(jdk, effort);
		Map<String, List<RunResult>> results = new LinkedHashMap<>();
		for (int round = 0; round < (effort.smoke() ? 1 : this.rounds); round++) {
			for (RunResult result : new Runner(options).run()) {
				results.computeIfAbsent(row(result), (row) -> new ArrayList<>()).add(result);
			}
		}
		List<Figure> figures = new ArrayList<>();
		results.forEach((row, rounds) -> add(merged(rounds), row, jdk, figures));
		return figures;
	}

	private static RunResult merged(List<RunResult> rounds) {
		return new RunResult(rounds.get(0).getParams(),
				rounds.stream().flatMap((round) -> round.getBenchmarkResults().stream()).toList());
	}

	private String row(RunResult result) {
		String method = result.getParams().getBenchmark();
		return this.rowParameter.isEmpty() ? method.substring(method.lastIndexOf('.') + 1)
				: result.getParams().getParam(this.rowParameter);
	}

	private Options options(Jdk jdk, Effort effort) throws IOException {
		ChainedOptionsBuilder options = new OptionsBuilder().include("\\." + this.benchmark.getSimpleName() + "\\.")
			.threads(this.threads)
			.addProfiler(GCProfiler.class)
			.shouldFailOnError(true)
			.output(effort.log(this.title, jdk).toString());
		if (!this.rowParameter.isEmpty()) {
			options.param(this.rowParameter, this.rows.toArray(String[]::new));
		}
		this.parameters.forEach(options::param);
		if (effort.smoke()) {
			options.forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(20));
		}
		else {
			options.forks(1)
				.jvm(jdk.java().toString())
				.jvmArgs(Memory.options(HEAP).toArray(String[]::new))
				.warmupIterations(this.warmups)
				.warmupTime(TimeValue.milliseconds(this.millis))
				.measurementIterations(MEASURED)
				.measurementTime(TimeValue.milliseconds(this.millis));
		}
		return options.build();
	}

	private void add(RunResult result, String row, Jdk jdk, List<Figure> figures) {
		Result<?> primary = result.getPrimaryResult();
		if (result.getParams().getMode() == Mode.SampleTime) {
			addSamples(result, row, jdk, figures);
		}
		else {
			String measure = (result.getParams().getMode() == Mode.Throughput) ? "throughput" : "time";
			figures.add(new Figure(this.title, row, measure, primary.getScoreUnit(), jdk.name(), primary.getScore(),
					primary.getScoreError()));
		}
		Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
		if (allocated != null) {
			figures.add(new Figure(this.title, row, "allocated", allocated.getScoreUnit(), jdk.name(),
					allocated.getScore(), allocated.getScoreError()));
		}
	}

	/**
	 * Add the throughput and the percentiles. The throughput follows from the mean time,
	 * because each thread calls again as soon as the response arrives.
	 */
	private void addSamples(RunResult result, String row, Jdk jdk, List<Figure> figures) {
		Result<?> primary = result.getPrimaryResult();
		double perSecond = this.threads * (double) TimeUnit.SECONDS.toMicros(1);
		double relativeError = primary.getScoreError() / primary.getScore();
		double throughput = perSecond / primary.getScore();
		figures.add(
				new Figure(this.title, row, "throughput", "ops/s", jdk.name(), throughput, throughput * relativeError));
		for (double percentile : PERCENTILES) {
			DoubleSummaryStatistics forks = forks(result, percentile);
			figures.add(new Figure(this.title, row, "p" + String.valueOf(percentile).replace(".0", ""),
					primary.getScoreUnit(), jdk.name(), primary.getStatistics().getPercentile(percentile),
					(forks.getMax() - forks.getMin()) / 2));
		}
	}

	private static DoubleSummaryStatistics forks(RunResult result, double percentile) {
		Collection<? extends Result<?>> forks = result.getBenchmarkResults()
			.stream()
			.<Result<?>>map((fork) -> fork.getPrimaryResult())
			.toList();
		return forks.stream().mapToDouble((fork) -> fork.getStatistics().getPercentile(percentile)).summaryStatistics();
	}

}
