package dev.servicepool.simulation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The report on all scenarios under all policies.
 */
final class SizingReport {

	static final String PAGE = "sizing-report.md";

	static final int SEEDS = 3;

	private static final Pattern WORD_START = Pattern.compile("\\b(?!(?:and|of|s|the|to)\\b)[a-z]");

	private static final String INTRODUCTION = """
			# Sizing Report

			The simulation runs the real pool in virtual time under the following conditions:

			| condition | value |
			|---|---|
			| settings of the pool | the defaults |
			| arrivals | at random (a Poisson process) |
			| time of a request | 50 ms on average, exponentially distributed |
			| concurrent requests per service | at most 10 |
			| time to create a service | 100 ms |
			| time excluded from the figures | the first 60 s |
			| figures | means of %d seeds |

			The load is given in units of one service's capacity.
			Some scenarios change a condition, as their names indicate.
			In the scenario *burst of 500*, 500 requests arrive concurrently at the start, and each of them takes 1 s.
			In this scenario, a service accepts 20 concurrent requests, and the figures include the whole time.
			The column *Erlang C* shows the number of services that process this burst concurrently.

			| policy | settings |
			|---|---|
			| original | `headroom-window: 0`, `idle-timeout: 0` and `scale-up: single`, which is the algorithm of tower |
			| **guarded** | the defaults |
			| fixed | a constant number of services, which is the number of *Erlang C* and at least one per target |

			| column | meaning |
			|---|---|
			| mean size | mean number of services over time |
			| Erlang C | smallest number of services for which at most 1 %% of callers wait at the peak of the load |
			| resizes/min | number of services that the pool created or removed per minute |
			| waited | share of callers that waited for a service |
			| p99 wait, p99.9 wait | percentiles of the time that callers waited |
			| recovery | time from a sudden change of the load to the end of the last wait, for the slowest of all changes |

			The pool has recovered from a change when no caller has waited for 1 s.

			To write this page and its charts, run the following command:

			```shell
			mvn -pl pool-core test -DexcludedGroups= -Dtest=SizingReportTests -Dsizing-report.write=true
			```

			The build fails if one of the main rows does not match the code, and CI fails if any row or chart does not.

			## Three Policies

			""";

	private static final String SINGLE_CHANGES = """

			## Effect of Single Settings

			Each row changes one default setting.
			The scenarios are a constant load, a load that alternates between two values, and a load that rises in one step.
			The resizes are per minute.

			| setting | constant 8: size | resizes | waited | on/off: size | resizes | waited | step: size | recovery |
			|---|--:|--:|--:|--:|--:|--:|--:|--:|
			""";

	private static final String REPLACEMENTS = """

			## Steady Load With One Replacement per Second

			One service per second is replaced under the *guarded* policy.
			Each of the following ways of replacement is compared with none:

			| replacement | meaning |
			|---|---|
			| planned | A service reaches `max-requests-per-service`, and its successor joins before. |
			| broken | A service is broken. It is removed, and its successor is created afterward, so that one service is missing for 100 ms. |

			The column *other resizes* excludes the removals of replaced services and the creations of their successors.

			| load | replacement | mean size | Erlang C | replacements/min | other resizes/min | waited | p99.9 wait |
			|---|---|--:|--:|--:|--:|--:|--:|
			""";

	private static final String SERVICE_HOURS = """

			## Service Hours per Day

			The table compares the guarded policy with the smallest fixed size that is sufficient for the peak.
			Service hours are the mean number of services times 24.
			Requests take 500 ms in the scenarios of a whole day, which are:

			| load | meaning |
			|---|---|
			| daily curve | a sine from 0.5 at midnight to 6 at noon, and 2 more in the first minute of each hour |
			| office hours | 8 from 8 to 18 o'clock, and 0.1 otherwise |

			| load | service hours, guarded | fixed | ratio | waited, guarded | fixed | p99.9 wait, guarded | fixed |
			|---|--:|--:|--:|--:|--:|--:|--:|
			""";

	private static final String OVERLOAD = """

			## Overload

			The load is 1.2 times the capacity of a pool that has reached its maximum of 16 services.
			The other limits, too, are the defaults of HTTP pools:

			| setting | value |
			|---|--:|
			| `max-concurrency` | 20 |
			| `max-waiting` | 1000 |
			| `acquire-timeout` | 30s |

			The pool rejects the excess.
			The column *within 1 s* counts the callers that receive a response within 1 s after their arrival, relative to the capacity.
			The column *without waits* shows this figure for callers that would never wait, because some requests take more than 1 s.

			| time of a request | within 1 s | without waits | rejected | mean wait until rejected | p99 wait of the others |
			|--:|--:|--:|--:|--:|--:|
			""";

	private SizingReport() {
	}

	/**
	 * Run all simulations and create the files of the report. This takes some seconds on
	 * all processors.
	 * @return the contents of the files by their names relative to the docs directory
	 */
	static Map<String, String> files() {
		List<Scenario> scenarios = Scenarios.all();
		Map<Scenario, List<Averages>> results = scenarios.parallelStream()
			.collect(Collectors.toConcurrentMap((scenario) -> scenario, SizingReport::run));
		Map<String, String> files = new TreeMap<>();
		StringBuilder page = new StringBuilder(INTRODUCTION.formatted(SEEDS)).append(table(scenarios, results))
			.append(SINGLE_CHANGES);
		Policy.SINGLE_CHANGES.parallelStream().map(SizingReport::singleChangeRow).forEachOrdered(page::append);
		page.append(REPLACEMENTS);
		DoubleStream.of(Scenarios.CONSTANT_LOADS)
			.boxed()
			.flatMap((load) -> Stream.of(Replacement.values())
				.map((replacement) -> Scenarios.constant(load, replacement)))
			.parallel()
			.map((scenario) -> replacementRow(Averages.of(scenario, Policy.GUARDED, SEEDS)))
			.forEachOrdered(page::append);
		page.append(SERVICE_HOURS);
		Scenarios.days().parallelStream().map(SizingReport::serviceHoursRow).forEachOrdered(page::append);
		page.append(OVERLOAD);
		DoubleStream.of(Scenarios.OVERLOAD_SECONDS)
			.parallel()
			.mapToObj((meanSeconds) -> overloadRow(Averages.of(Scenarios.overload(meanSeconds), Policy.HTTP, SEEDS)))
			.forEachOrdered(page::append);
		for (Scenario scenario : scenarios) {
			String chart = "sizing/" + scenario.name.replaceAll("[^a-z0-9]+", "-") + ".svg";
			files.put(chart, chart(scenario, results.get(scenario)));
			page.append("\n## ")
				.append(heading(scenario.name))
				.append("\n\n![")
				.append(scenario.name)
				.append("](")
				.append(chart)
				.append(")\n");
		}
		files.put(PAGE, page.toString());
		return files;
	}

	private static String chart(Scenario scenario, List<Averages> results) {
		return SizingChart.of(scenario, results.get(Policy.ALL.indexOf(Policy.ORIGINAL)).outcomes().get(0),
				results.get(Policy.ALL.indexOf(Policy.GUARDED)).outcomes().get(0));
	}

	private static String singleChangeRow(Policy policy) {
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

	/** Return the row of a scenario in the table of replacements. */
	static String replacementRow(Averages averages) {
		Scenario scenario = averages.scenario();
		return String.format(Locale.ROOT, "| %s | %s | %.1f | %d | %.1f | %.1f | %s | %.0f ms |\n", scenario.name,
				scenario.replacement.label, averages.meanServices(), scenario.erlangServices(),
				averages.replacementsPerMinute(), averages.resizesPerMinute(), percent(averages.waitedPercent()),
				averages.p999WaitMillis());
	}

	/** Compare two policies. Whole days are long enough for the accuracy of one run. */
	private static String serviceHoursRow(Scenario scenario) {
		int seeds = (scenario.seconds < Traffic.DAY_SECONDS) ? SEEDS : 1;
		Averages guarded = Averages.of(scenario, Policy.GUARDED, seeds);
		Averages fixed = Averages.of(scenario, Policy.FIXED, seeds);
		return String.format(Locale.ROOT, "| %s | %.0f | %.0f | %.0f %% | %s | %s | %.0f ms | %.0f ms |\n",
				scenario.name, 24 * guarded.meanServices(), 24 * fixed.meanServices(),
				100 * guarded.meanServices() / fixed.meanServices(), percent(guarded.waitedPercent()),
				percent(fixed.waitedPercent()), guarded.p999WaitMillis(), fixed.p999WaitMillis());
	}

	/** Return the row of a scenario in the table of overload. */
	static String overloadRow(Averages averages) {
		double mean = averages.scenario().meanSeconds;
		return String.format(Locale.ROOT, "| %.0f ms | %.1f %% | %.1f %% | %.1f %% | %.0f ms | %.0f ms |\n",
				1000 * mean, averages.withinOneSecondPercent(), 100 * (1 - StrictMath.exp(-1 / mean)),
				averages.rejectedPercent(), averages.rejectedAfterMillis(), averages.p99WaitMillis());
	}

	private static List<Averages> run(Scenario scenario) {
		return Policy.ALL.stream().map((policy) -> Averages.of(scenario, policy, SEEDS)).toList();
	}

	private static String table(List<Scenario> scenarios, Map<Scenario, List<Averages>> results) {
		StringBuilder table = new StringBuilder("""
				| load | policy | mean size | Erlang C | resizes/min | waited | p99 wait | p99.9 wait | recovery |
				|---|---|--:|--:|--:|--:|--:|--:|--:|
				""");
		for (Scenario scenario : scenarios) {
			results.get(scenario).forEach((averages) -> table.append(row(averages)));
		}
		return table.toString();
	}

	/** Return the row of a scenario under a policy in the first table. */
	static String row(Averages averages) {
		Scenario scenario = averages.scenario();
		String policy = averages.policy().name();
		boolean guarded = averages.policy() == Policy.GUARDED;
		return String.format(Locale.ROOT, "| %s | %s | %.1f | %d | %.1f | %s | %.0f ms | %.0f ms | %s |\n",
				scenario.name, guarded ? "**" + policy + "**" : policy, averages.meanServices(),
				scenario.erlangServices(), averages.resizesPerMinute(), percent(averages.waitedPercent()),
				averages.p99WaitMillis(), averages.p999WaitMillis(),
				(scenario.disturbances.length > 0) ? String.format(Locale.ROOT, "%.1f s", averages.recovery()) : "");
	}

	/** Return the name of a scenario in title case. */
	private static String heading(String name) {
		return WORD_START.matcher(name).replaceAll((start) -> start.group().toUpperCase(Locale.ROOT));
	}

	private static String percent(double value) {
		return String.format(Locale.ROOT, (value < 1) ? "%.2f %%" : "%.1f %%", value);
	}

}
