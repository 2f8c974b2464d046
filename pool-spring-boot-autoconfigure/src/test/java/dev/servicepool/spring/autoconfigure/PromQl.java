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
 * What an expression in Prometheus's query language refers to. It is read by its words
 * rather than by the whole grammar: enough to tell that names, brackets and ranges are
 * right, not that they make sense.
 *
 * @param selectors the series it takes
 * @param groupings the labels by which it brings them together
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
	 * Some series.
	 *
	 * @param metric their name
	 * @param matchers what their labels have to be
	 */
	record Selector(String metric, List<LabelMatcher> matchers) {
	}

	/**
	 * What a label has to be.
	 *
	 * @param label its name
	 * @param values its values, none if they are up to a variable
	 */
	record LabelMatcher(String label, List<String> values) {
	}

	/**
	 * Read an expression.
	 * @throws IllegalArgumentException if it cannot be one
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
			throw new IllegalArgumentException("cannot be read from here on: " + expression.substring(end));
		}
		return tokens;
	}

	private static final class Reader {

		private final List<String> tokens;

		private final List<Selector> selectors = new ArrayList<>();

		private final List<String> groupings = new ArrayList<>();

		/** The brackets that are still to come. */
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
					expect(token.equals(this.closing.poll()), "')' too many");
				}
				else if (Character.isLetter(token.charAt(0)) && !OPERATORS.contains(token)) {
					name(token);
				}
			}
			expect(this.closing.isEmpty(), "')' missing");
			expect(!this.selectors.isEmpty(), "no metric");
			return new PromQl(this.selectors, this.groupings);
		}

		private void name(String name) {
			if (GROUPINGS.contains(name)) {
				labels();
			}
			else if (AGGREGATIONS.contains(name)) {
				expect(peek().equals("(") || GROUPINGS.contains(peek()), name + " of nothing");
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
				expect(peek().equals("("), name + " of nothing");
			}
			else {
				expect(!peek().equals("("), "no known function: " + name);
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
			expect(LABEL_OPERATORS.contains(operator), "'" + operator + "' after " + label);
			String quoted = next();
			expect(quoted.length() >= 2 && quoted.startsWith("\""), label + " without a value");
			String value = quoted.substring(1, quoted.length() - 1);
			return new LabelMatcher(label, value.contains("$") ? List.of() : List.of(value.split("\\|")));
		}

		/** Whether one more follows in a list. */
		private boolean separated(String end) {
			String token = next();
			expect(token.equals(",") || token.equals(end), "'" + token + "' in a list");
			return token.equals(",");
		}

		private String peek() {
			return (this.next < this.tokens.size()) ? this.tokens.get(this.next) : "";
		}

		private String next() {
			expect(this.next < this.tokens.size(), "ends too early");
			return this.tokens.get(this.next++);
		}

		private void next(String expected) {
			String token = next();
			expect(token.equals(expected), "'" + token + "' instead of '" + expected + "'");
		}

		private static void expect(boolean expected, String message) {
			if (!expected) {
				throw new IllegalArgumentException(message);
			}
		}

	}

}
