package dev.servicepool.compatibility.matrix;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Tables of comparisons in Markdown. A ratio in bold print misses its bar. There are no
 * ratios if calls have failed.
 */
final class ComparisonTables {

	private static final String HEADING = "| client |  | failed | p50, ms | p99, ms | slowest, ms | calls/s "
			+ "| processor time per call, us | connections |\n|---|---|--:|--:|--:|--:|--:|--:|--:|\n";

	private ComparisonTables() {
	}

	/** Return comparisons as text. */
	static String of(List<Comparison> comparisons) {
		StringBuilder text = new StringBuilder();
		for (Workload workload : Workload.values()) {
			text.append("### ").append(capitalized(workload.toString())).append("\n\n").append(HEADING);
			comparisons.stream()
				.filter((comparison) -> comparison.workload() == workload)
				.forEach((comparison) -> rows(text, comparison));
			text.append('\n');
		}
		return text.toString();
	}

	private static String capitalized(String title) {
		return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
	}

	private static void rows(StringBuilder text, Comparison comparison) {
		List<Round> plain = comparison.plain();
		text.append("| %s, %s | plain | %d | %s | %s | %s | %s | %s | %.0f |%n".formatted(comparison.pair().library(),
				comparison.pair().protocol(), Comparison.failed(plain), figure(plain, Round::p50),
				comparison.hasP99() ? figure(plain, Round::p99) : "", figure(plain, Round::slowest),
				figure(plain, Round::throughput), figure(plain, Round::processorTime),
				Comparison.median(plain, Round::connections)));
		text.append("|  | pooled | %s | %s | %s | %s | %s | %s | %.0f |%n".formatted(
				marked(Integer.toString(Comparison.failed(comparison.pooled())), comparison.failsMoreOften()),
				ratio(comparison, Round::p50, false),
				comparison.hasP99() ? ratio(comparison, Round::p99, comparison.exceeds(Round::p99, 1.1)) : "",
				ratio(comparison, Round::slowest, !comparison.hasP99() && comparison.exceeds(Round::slowest, 1.1)),
				ratio(comparison, Round::throughput, comparison.isBelow(Round::throughput, 0.97)),
				ratio(comparison, Round::processorTime, comparison.exceeds(Round::processorTime, 1.1)),
				Comparison.median(comparison.pooled(), Round::connections)));
	}

	private static String ratio(Comparison comparison, ToDoubleFunction<Round> figure, boolean missed) {
		if (!comparison.hasRatios()) {
			return figure(comparison.pooled(), figure);
		}
		return figure(comparison.pooled(), figure) + " " + marked("(%.2f)".formatted(comparison.ratio(figure)), missed);
	}

	private static String marked(String text, boolean missed) {
		return missed ? "**" + text + "**" : text;
	}

	/** Return a figure with three significant digits. */
	private static String figure(List<Round> rounds, ToDoubleFunction<Round> figure) {
		double median = Comparison.median(rounds, figure);
		int integerDigits = (int) Math.max(1, Math.floor(Math.log10(Math.max(median, 1))) + 1);
		return ("%." + Math.max(0, 3 - integerDigits) + "f").formatted(median);
	}

}
