package dev.servicepool.benchmarks.report;

import java.util.Locale;

/**
 * Limit for a figure of the pool.
 *
 * @param text the description of the figure
 * @param atMost whether the limit is an upper limit; otherwise it is a lower limit
 * @param limit the limit
 * @param value computes the value to check
 */
public record Bar(String text, boolean atMost, double limit, Value value) {

	/**
	 * Create an upper limit.
	 * @param text the description of the figure
	 * @param limit the limit
	 * @param value computes the value to check
	 * @return the bar
	 */
	public static Bar atMost(String text, double limit, Value value) {
		return new Bar(text, true, limit, value);
	}

	/**
	 * Create a lower limit.
	 * @param text the description of the figure
	 * @param limit the limit
	 * @param value computes the value to check
	 * @return the bar
	 */
	public static Bar atLeast(String text, double limit, Value value) {
		return new Bar(text, false, limit, value);
	}

	String limitText() {
		return String.format(Locale.ROOT, "%s %s", this.atMost ? "≤" : "≥", Numbers.format(this.limit));
	}

	boolean isMet(double value) {
		return this.atMost ? value <= this.limit : value >= this.limit;
	}

	/**
	 * Computes a value from the measured figures.
	 */
	@FunctionalInterface
	public interface Value {

		/**
		 * Return the value.
		 * @param figures all figures
		 * @param jdk the name of the JDK
		 * @return the value; {@link Double#NaN} if it was not measured
		 */
		double in(Figures figures, String jdk);

		/**
		 * Return the ratio of this value to another value.
		 * @param other the other value
		 * @return the ratio
		 */
		default Value over(Value other) {
			return (figures, jdk) -> in(figures, jdk) / other.in(figures, jdk);
		}

		/**
		 * Return the difference between this value and another value.
		 * @param other the other value
		 * @return the difference
		 */
		default Value minus(Value other) {
			return (figures, jdk) -> in(figures, jdk) - other.in(figures, jdk);
		}

		/**
		 * Return the value of a figure.
		 * @param table the title of the table
		 * @param row the row
		 * @param measure the measure
		 * @return the value
		 */
		static Value of(String table, Object row, String measure) {
			return (figures, jdk) -> figures.value(table, String.valueOf(row), measure, jdk);
		}

	}

}
