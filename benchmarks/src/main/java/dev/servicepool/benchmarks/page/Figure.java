package dev.servicepool.benchmarks.page;

import java.util.DoubleSummaryStatistics;
import java.util.Locale;

/**
 * Measured property of a row.
 *
 * @param jdk the name of the JDK
 * @param table the name of the table
 * @param row the row of the table
 * @param measure the measured property
 * @param unit the unit
 * @param rounds the values of all rounds
 */
record Figure(String jdk, String table, String row, String measure, String unit, DoubleSummaryStatistics rounds) {

	/** Limit below which a peer counts as zero, so that no ratio is shown. */
	private static final double LEAST_COMPARED = 0.005;

	String heading() {
		return this.unit.isEmpty() ? this.measure : this.measure + ", " + this.unit;
	}

	double value() {
		return this.rounds.getAverage();
	}

	/** Return the mean, half the range, and the ratio to the figure of a peer. */
	String text(Figure peer) {
		double error = (this.rounds.getMax() - this.rounds.getMin()) / 2;
		return format(value()) + ((error > 0) ? " ± " + format(error) : "")
				+ ((peer != this && peer.value() >= LEAST_COMPARED) ? " (" + format(value() / peer.value()) + ")" : "");
	}

	/** Format three significant digits, or all digits before the decimal point. */
	static String format(double value) {
		double size = Math.abs(value);
		int decimals = (size == 0 || size >= 99.95) ? 0 : (size >= 9.995) ? 1 : (size >= 0.9995) ? 2 : 3;
		return String.format(Locale.ROOT, "%,." + decimals + "f", value);
	}

}
