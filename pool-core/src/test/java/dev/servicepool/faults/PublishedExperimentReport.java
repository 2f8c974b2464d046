package dev.servicepool.faults;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;

/**
 * Report on the published experiments.
 */
final class PublishedExperimentReport {

	static final String PAGE = "published-experiments.md";

	private static final String TEXT = """
			# Published Experiments

			The pool runs in virtual time and is compared with published figures for the same algorithms.
			The figures are means of %d seeds.
			The number after ± is half the distance between the lowest and the highest value of all seeds.

			| experiment | setup |
			|---|---|
			| [Beyond Round Robin](https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency/) | 1,000 calls per second with a timeout of 1 s. One of the backends takes 2 s for half of the time. |
			| [Demo of tower's balancer](https://github.com/tower-rs/tower/pull/76) | 50 callers send 50,000 calls to ten endpoints. The endpoints take up to 1, 10, 10, 10, 10, 100, 100, 100, 100, and 1000 ms. As in the demo, the figures are whole milliseconds. |
			| Later version of that demo, without published figures | 500 callers, and endpoints that take up to 1, 5, 10, 10, 10, 100, 100, 100, 500, and 1000 ms. |

			In the later version, one of 45 pairs of endpoints consists of the two slow ones.
			The better one of these takes up to 500 ms.
			Therefore, no algorithm that selects one of two random endpoints can reach a p99 below 275 ms.

			The build fails if the pool is worse than a published figure for the same algorithm, or if this page does not match the code.
			To write the page, run the following command:

			```shell
			mvn -pl pool-core test -Dtest=PublishedExperimentTests -Dpublished-experiments.write=true
			```

			## Linkerd's Beyond Round Robin: One of 11 Backends Becomes Slow

			|  | calls that succeed, %% |
			|---|--:|
			%s
			## Demo of tower's Balancer, with Published Figures

			|  | p50, ms | p90, ms | p99, ms | p99.9, ms |
			|---|--:|--:|--:|--:|
			%s
			## Later Version of tower's Demo, with More Callers and Slow Endpoints

			|  | p50, ms | p90, ms | p99, ms | p99.9, ms |
			|---|--:|--:|--:|--:|
			%s""";

	private PublishedExperimentReport() {
	}

	/** Run all experiments and return the text of the page. */
	static String text() {
		return TEXT.formatted(PublishedExperiment.SEEDS, rows(PublishedExperiment.BEYOND_ROUND_ROBIN, "%.2f", "%.3f"),
				rows(PublishedExperiment.DEMO, "%.3g", "%.3g"), rows(PublishedExperiment.LATER_DEMO, "%.3g", "%.3g"));
	}

	private static String rows(PublishedExperiment experiment, String format, String errorFormat) {
		StringBuilder rows = new StringBuilder();
		for (String balancer : PublishedExperiment.BALANCERS) {
			List<Double> published = experiment.published.get(balancer);
			if (published != null) {
				rows.append(row("published " + balancer,
						published.stream().map((value) -> format(format, value)).toList()));
			}
			rows.append(row(balancer.equals("round robin") ? "simulated round robin" : "pool: " + balancer,
					experiment.figures(balancer).stream().map((figure) -> cell(figure, format, errorFormat)).toList()));
		}
		return rows.toString();
	}

	private static String row(String name, List<String> cells) {
		return "| " + name + " | " + String.join(" | ", cells) + " |\n";
	}

	private static String cell(DoubleSummaryStatistics figure, String format, String errorFormat) {
		double error = (figure.getMax() - figure.getMin()) / 2;
		return format(format, figure.getAverage()) + ((error > 0) ? " ± " + format(errorFormat, error) : "");
	}

	private static String format(String format, double value) {
		return String.format(Locale.ROOT, format, value);
	}

}
