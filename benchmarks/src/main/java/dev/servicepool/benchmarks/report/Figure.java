package dev.servicepool.benchmarks.report;

import java.util.List;

/**
 * Measured value.
 *
 * @param plan the title of the plan
 * @param row the row of the table
 * @param measure the measured property of the row
 * @param unit the unit of the value
 * @param jdk the name of the JDK
 * @param value the value
 * @param error half the width of the error bar; {@link Double#NaN} if unknown
 */
public record Figure(String plan, String row, String measure, String unit, String jdk, double value, double error) {

	private static final String SEPARATOR = "\t";

	/**
	 * Return the line that represents this figure in a file.
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
