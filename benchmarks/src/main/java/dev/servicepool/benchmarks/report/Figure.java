package dev.servicepool.benchmarks.report;

import java.util.List;

/**
 * One thing that was measured.
 *
 * @param plan the title of the plan that it belongs to
 * @param row what was measured, among those that are compared
 * @param measure which of its properties
 * @param unit the unit of the value
 * @param jdk the version of the JDK
 * @param value the value
 * @param error half of the width of the error bar; {@link Double#NaN} if not known
 */
public record Figure(String plan, String row, String measure, String unit, String jdk, double value, double error) {

	private static final String SEPARATOR = "\t";

	/**
	 * Return a line for a file.
	 * @return the fields, separated by tabs
	 */
	String toLine() {
		return String.join(SEPARATOR, this.plan, this.row, this.measure, this.unit, this.jdk,
				Double.toString(this.value), Double.toString(this.error));
	}

	static Figure fromLine(String line) {
		List<String> fields = List.of(line.split(SEPARATOR));
		return new Figure(fields.get(0), fields.get(1), fields.get(2), fields.get(3), fields.get(4),
				Double.parseDouble(fields.get(5)), Double.parseDouble(fields.get(6)));
	}

}
