package dev.servicepool.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs all scenarios under all policies and writes the report on them.
 */
final class SizingReport {

	static final String PAGE = "sizing-report.md";

	private static final int SEEDS = 3;

	private static final String INTRODUCTION = """
			# Sizing report

			The real pool, with its default settings, in simulated time: callers come at random (a Poisson process), a request takes
			50 ms on average (exponentially distributed unless said otherwise), a service takes 10 requests at a time and
			is made in 100 ms. Load is given in services' worth. The first 60 s are not counted. Each figure is the mean of %d seeds.

			- **original**: `headroom-window: 0`, the algorithm as it was in tower.
			- **guarded**: the defaults.
			- **fixed**: as many services from start to end as the peak of the load needs by Erlang C.

			*Erlang C* is the least number of services with which at most 1 %% of callers wait at the peak of the load. *Resizes* are
			services made or removed. *Recovered* says how long after a sudden change of the load the pool had callers wait (the
			longest of all changes; recovered is when for 1 s nobody has had to).

			This page and its pictures are written by `mvn -pl pool-core test -Dtest=SizingReportTests -Dsizing-report.write=true`;
			the build fails if they don't say what the code does.

			## Three policies

			""";

	private static final String KNOBS = """

			## Each knob alone

			The defaults but for one, at a constant load, with a load that is on and off, and when the load makes a step. Resizes are
			per minute; *up* is how long after the step callers had to wait.

			| setting | constant 8: size | resizes | waited | on/off: size | resizes | waited | step: size | up |
			|---|--:|--:|--:|--:|--:|--:|--:|--:|
			""";

	private SizingReport() {
	}

	/**
	 * Run everything. Takes some seconds on every processor there is.
	 * @return the files of the report, by their names within the folder of documents
	 */
	static Map<String, String> files() {
		List<Scenario> scenarios = Scenarios.all();
		Map<Scenario, List<Averages>> results = scenarios.parallelStream()
			.collect(Collectors.toConcurrentMap((scenario) -> scenario, SizingReport::run));
		Map<String, String> files = new TreeMap<>();
		StringBuilder page = new StringBuilder(INTRODUCTION.formatted(SEEDS)).append(table(scenarios, results))
			.append(KNOBS);
		Policy.KNOBS.parallelStream().map(SizingReport::knobRow).forEachOrdered(page::append);
		for (Scenario scenario : scenarios) {
			String picture = "sizing/" + scenario.name.replaceAll("[^a-z0-9]+", "-") + ".svg";
			files.put(picture, picture(scenario, results.get(scenario)));
			page.append("\n## ")
				.append(scenario.name)
				.append("\n\n![")
				.append(scenario.name)
				.append("](")
				.append(picture)
				.append(")\n");
		}
		files.put(PAGE, page.toString());
		return files;
	}

	private static String picture(Scenario scenario, List<Averages> results) {
		return SizingChart.of(scenario, results.get(Policy.ALL.indexOf(Policy.ORIGINAL)).outcomes().get(0),
				results.get(Policy.ALL.indexOf(Policy.GUARDED)).outcomes().get(0));
	}

	private static String knobRow(Policy policy) {
		Averages constant = Averages.of(Scenarios.constant(8), policy, SEEDS);
		Averages onOff = Averages.of(Scenarios.onOff(), policy, SEEDS);
		Averages step = Averages.of(Scenarios.step(), policy, SEEDS);
		return String.format(Locale.ROOT, "| %s | %s | %s | %.1f | %.1f s |\n", policy.name(), cells(constant),
				cells(onOff), step.meanServices(), step.recovery());
	}

	private static String cells(Averages averages) {
		return String.format(Locale.ROOT, "%.1f | %.1f | %s", averages.meanServices(), averages.resizesPerMinute(),
				percent(averages.waitedPercent()));
	}

	private static List<Averages> run(Scenario scenario) {
		return Policy.ALL.stream().map((policy) -> Averages.of(scenario, policy, SEEDS)).toList();
	}

	private static String table(List<Scenario> scenarios, Map<Scenario, List<Averages>> results) {
		StringBuilder table = new StringBuilder("""
				| load | policy | mean size | Erlang C | resizes/min | waited | p99 wait | p99.9 wait | recovered |
				|---|---|--:|--:|--:|--:|--:|--:|--:|
				""");
		for (Scenario scenario : scenarios) {
			results.get(scenario).forEach((averages) -> table.append(row(averages)));
		}
		return table.toString();
	}

	private static String row(Averages averages) {
		Scenario scenario = averages.scenario();
		String policy = averages.policy().name();
		boolean guarded = averages.policy() == Policy.GUARDED;
		return String.format(Locale.ROOT, "| %s | %s | %.1f | %d | %.1f | %s | %.0f ms | %.0f ms | %s |\n",
				scenario.name, guarded ? "**" + policy + "**" : policy, averages.meanServices(),
				scenario.erlangServices(), averages.resizesPerMinute(), percent(averages.waitedPercent()),
				averages.p99WaitMillis(), averages.p999WaitMillis(),
				(scenario.disturbances.length > 0) ? String.format(Locale.ROOT, "%.1f s", averages.recovery()) : "");
	}

	private static String percent(double value) {
		return String.format(Locale.ROOT, (value < 1) ? "%.2f %%" : "%.1f %%", value);
	}

}
