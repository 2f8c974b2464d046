package dev.servicepool.spring.autoconfigure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics of an application as Prometheus scrapes them.
 *
 * @param series the labels of each series, by metric
 */
record Scrape(Map<String, List<Map<String, String>>> series) {

	private static final Pattern LINE = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");

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
	 * Check that all references of an expression exist.
	 * @throws IllegalArgumentException if a metric, a label, or a value is missing
	 */
	void check(PromQl expression) {
		expression.selectors().forEach(this::check);
		for (String label : expression.groupings()) {
			check(expression.selectors().stream().anyMatch((selector) -> hasLabel(selector.metric(), label)),
					"no series of the expression has the label " + label);
		}
	}

	private void check(PromQl.Selector selector) {
		String metric = selector.metric();
		check(this.series.containsKey(metric), "unknown metric " + metric);
		for (PromQl.LabelMatcher matcher : selector.matchers()) {
			check(hasLabel(metric, matcher.label()), metric + " has no label " + matcher.label());
			for (String value : matcher.values()) {
				check(this.series.get(metric).stream().anyMatch((labels) -> value.equals(labels.get(matcher.label()))),
						metric + " has no " + matcher.label() + " \"" + value + "\"");
			}
		}
	}

	boolean hasLabel(String metric, String label) {
		return this.series.getOrDefault(metric, List.of()).stream().anyMatch((labels) -> labels.containsKey(label));
	}

	private static void check(boolean expected, String message) {
		if (!expected) {
			throw new IllegalArgumentException(message);
		}
	}

}
