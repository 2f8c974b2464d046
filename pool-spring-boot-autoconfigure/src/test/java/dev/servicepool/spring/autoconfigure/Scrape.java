package dev.servicepool.spring.autoconfigure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Metrics of an application as Prometheus scrapes them.
 *
 * @param series the labels of each series, by metric
 */
record Scrape(Map<String, List<Map<String, String>>> series) {

	private static final Pattern LINE = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");

	/** Name with an underscore that is not the name of a function. */
	private static final Pattern SELECTOR = Pattern
		.compile("(?<![\\w$\"])([a-z]+(?:_[a-z]+)+)(?![\\w(])(?:\\{([^}]*)})?");

	private static final Pattern CONDITION = Pattern.compile("(\\w+)[=!]~?\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on) \\(([^)]*)\\)");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

	/**
	 * Parse the text format.
	 */
	static Scrape of(String text) {
		Map<String, List<Map<String, String>>> series = new TreeMap<>();
		Matcher line = LINE.matcher(text);
		while (line.find()) {
			Map<String, String> labels = new HashMap<>();
			Matcher label = LABEL.matcher((line.group(2) != null) ? line.group(2) : "");
			while (label.find()) {
				labels.put(label.group(1), label.group(2));
			}
			series.computeIfAbsent(line.group(1), (name) -> new ArrayList<>()).add(labels);
		}
		return new Scrape(series);
	}

	/**
	 * Check that the metrics, labels, and values to which an expression refers exist.
	 * @param expression the expression in Prometheus's query language
	 * @return the metrics of the expression
	 */
	Set<String> check(String expression) {
		Set<String> metrics = new TreeSet<>();
		Matcher selector = SELECTOR.matcher(expression);
		while (selector.find()) {
			metrics.add(selector.group(1));
			check(selector.group(1), (selector.group(2) != null) ? selector.group(2) : "");
		}
		assertThat(metrics).as("metrics of " + expression).isNotEmpty();
		Matcher grouping = GROUPING.matcher(expression);
		while (grouping.find()) {
			for (String label : grouping.group(1).split(", ")) {
				assertThat(metrics).as("metrics with label " + label).anyMatch((metric) -> hasLabel(metric, label));
			}
		}
		return metrics;
	}

	private void check(String metric, String conditions) {
		assertThat(this.series).containsKey(metric);
		Matcher condition = CONDITION.matcher(conditions);
		while (condition.find()) {
			String label = condition.group(1);
			assertThat(hasLabel(metric, label)).as(metric + " has label " + label).isTrue();
			if (!condition.group(2).contains("$")) {
				assertThat(this.series.get(metric)).as("values of label " + label + " of " + metric)
					.extracting((labels) -> labels.get(label))
					.contains(condition.group(2).split("\\|"));
			}
		}
	}

	boolean hasLabel(String metric, String label) {
		return this.series.getOrDefault(metric, List.of()).stream().anyMatch((labels) -> labels.containsKey(label));
	}

}
