package dev.servicepool.benchmarks.report;

import java.util.Locale;

/**
 * What the pool is held to.
 *
 * @param text what is held to it
 * @param atMost whether it is an upper limit; a lower one if not
 * @param limit the limit
 * @param value finds what it is
 */
public record Bar(String text, boolean atMost, double limit, Value value) {

	/**
	 * Return an upper limit.
	 * @param text what is held to it
	 * @param limit the limit
	 * @param value finds what it is
	 * @return the bar
	 */
	public static Bar atMost(String text, double limit, Value value) {
		return new Bar(text, true, limit, value);
	}

	/**
	 * Return a lower limit.
	 * @param text what is held to it
	 * @param limit the limit
	 * @param value finds what it is
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
	 * Finds a value among what was measured.
	 */
	@FunctionalInterface
	public interface Value {

		/**
		 * Find the value.
		 * @param figures all that was measured
		 * @param jdk the JDK that it is looked up for
		 * @return the value, {@link Double#NaN} if it was not measured
		 */
		double in(Figures figures, String jdk);

		/**
		 * Return the value as a multiple of another one.
		 * @param other the other one
		 * @return the ratio
		 */
		default Value over(Value other) {
			return (figures, jdk) -> in(figures, jdk) / other.in(figures, jdk);
		}

		/**
		 * Return what the value has more than another one.
		 * @param other the other one
		 * @return the difference
		 */
		default Value minus(Value other) {
			return (figures, jdk) -> in(figures, jdk) - other.in(figures, jdk);
		}

		/**
		 * Return a figure.
		 * @param table the table that it is in
		 * @param row the row
		 * @param measure the measure
		 * @return its value
		 */
		static Value of(String table, Object row, String measure) {
			return (figures, jdk) -> figures.value(table, String.valueOf(row), measure, jdk);
		}

	}

}
