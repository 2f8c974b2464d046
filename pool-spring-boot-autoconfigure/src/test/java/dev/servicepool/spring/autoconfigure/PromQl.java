package dev.servicepool.spring.autoconfigure;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * References of an expression in Prometheus's query language. The reader knows tokens
 * rather than the whole grammar. It verifies names, brackets, and ranges, but not whether
 * the expression is meaningful.
 *
 * @param selectors the series that the expression selects
 * @param groupings the labels that the expression groups by
 */
record PromQl(List<Selector> selectors, List<String> groupings) {

	private static final Pattern TOKEN = Pattern.compile("\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[a-zA-Z_:][\\w:]*"
			+ "|(?:\\d+(?:ms|[smhdwy]))+|\\d+(?:\\.\\d+)?|=~|!~|!=|==|>=|<=|[-+*/%^=<>(){}\\[\\],])\\s*");

	private static final Set<String> AGGREGATIONS = Set.of("sum", "min", "max", "avg", "count", "topk");

	private static final Set<String> RANGE_FUNCTIONS = Set.of("rate", "increase", "max_over_time", "min_over_time");

	private static final Set<String> FUNCTIONS = Set.of("histogram_quantile", "clamp_min");

	private static final Set<String> GROUPINGS = Set.of("by", "without", "on", "ignoring");

	private static final Set<String> OPERATORS = Set.of("and", "or", "unless");

	private static final Set<String> LABEL_OPERATORS = Set.of("=", "!=", "=~", "!~");

	private static final Map<String, String> BRACKETS = Map.of("(", ")", "{", "}", "[", "]");

	/**
	 * Selection of series.
	 *
	 * @param metric the name of the metric
	 * @param matchers the conditions on the labels
	 */
	record Selector(String metric, List<LabelMatcher> matchers) {
	}

	/**
	 * Condition on a label.
	 *
	 * @param label the name of the label
	 * @param values the values of the label, empty if a variable determines them
	 */
	record LabelMatcher(String label, List<String> values) {
	}

	/**
	 * Read an expression.
	 * @throws IllegalArgumentException if the expression is invalid
	 */
	static PromQl of(String expression) {
		return new Reader(tokens(expression)).read();
	}

	private static List<String> tokens(String expression) {
		Matcher token = TOKEN.matcher(expression);
		List<String> tokens = new ArrayList<>();
		int end = 0;
		while (token.find() && token.start() == end) {
			tokens.add(token.group(1));
			end = token.end();
		}
		if (end != expression.length()) {
			throw new IllegalArgumentException("unknown token at: " + expression.substring(end));
		}
		return tokens;
	}

	private static final class Reader {

		private final List<String> tokens;

		private final List<Selector> selectors = new ArrayList<>();

		private final List<String> groupings = new ArrayList<>();

		/** Closing brackets that are expected, innermost first. */
		private final Deque<String> closing = new ArrayDeque<>();

		private int next;

		Reader(List<String> tokens) {
			this.tokens = tokens;
		}

		PromQl read() {
			while (this.next < this.tokens.size()) {
				String token = next();
				if (BRACKETS.containsKey(token)) {
					expect(token.equals("("), "'" + token + "' without a metric");
					this.closing.push(")");
				}
				else if (token.equals(")")) {
					expect(token.equals(this.closing.poll()), "unexpected ')'");
				}
				else if (Character.isLetter(token.charAt(0)) && !OPERATORS.contains(token)) {
					name(token);
				}
			}
			expect(this.closing.isEmpty(), "missing ')'");
			expect(!this.selectors.isEmpty(), "expression without a metric");
			return new PromQl(this.selectors, this.groupings);
		}

		private void name(String name) {
			if (GROUPINGS.contains(name)) {
				labels();
			}
			else if (AGGREGATIONS.contains(name)) {
				expect(peek().equals("(") || GROUPINGS.contains(peek()), name + " without an argument");
			}
			else if (RANGE_FUNCTIONS.contains(name)) {
				next("(");
				selector(next());
				next("[");
				expect(next().matches("(\\d+(ms|[smhdwy]))+"), name + " without a duration");
				next("]");
				next(")");
			}
			else if (FUNCTIONS.contains(name)) {
				expect(peek().equals("("), name + " without an argument");
			}
			else {
				expect(!peek().equals("("), "unknown function: " + name);
				selector(name);
			}
		}

		private void labels() {
			next("(");
			do {
				this.groupings.add(next());
			}
			while (separated(")"));
		}

		private void selector(String metric) {
			List<LabelMatcher> matchers = new ArrayList<>();
			if (peek().equals("{")) {
				next();
				do {
					matchers.add(matcher());
				}
				while (separated("}"));
			}
			this.selectors.add(new Selector(metric, matchers));
		}

		private LabelMatcher matcher() {
			String label = next();
			String operator = next();
			expect(LABEL_OPERATORS.contains(operator), "unexpected '" + operator + "' after " + label);
			String quoted = next();
			expect(quoted.length() >= 2 && quoted.startsWith("\""), label + " without a value");
			String value = quoted.substring(1, quoted.length() - 1);
			return new LabelMatcher(label, value.contains("$") ? List.of() : List.of(value.split("\\|")));
		}

		/** Return whether another element of a list follows. */
		private boolean separated(String end) {
			String token = next();
			expect(token.equals(",") || token.equals(end), "unexpected '" + token + "' in a list");
			return token.equals(",");
		}

		private String peek() {
			return (this.next < this.tokens.size()) ? this.tokens.get(this.next) : "";
		}

		private String next() {
			expect(this.next < this.tokens.size(), "unexpected end");
			return this.tokens.get(this.next++);
		}

		private void next(String expected) {
			String token = next();
			expect(token.equals(expected), "expected '" + expected + "' but was '" + token + "'");
		}

		private static void expect(boolean expected, String message) {
			if (!expected) {
				throw new IllegalArgumentException(message);
			}
		}

	}

}
