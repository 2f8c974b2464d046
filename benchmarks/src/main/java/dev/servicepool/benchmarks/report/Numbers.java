package dev.servicepool.benchmarks.report;

import java.util.Locale;

/**
 * Formats numbers with three significant digits, or with all digits before the decimal
 * point.
 */
final class Numbers {

	private Numbers() {
	}

	/** Format a value. Percentages have two decimals, because 99.9 and 99.96 differ. */
	static String format(double value, String unit) {
		return unit.equals("%") ? String.format(Locale.ROOT, "%.2f", value) : format(value);
	}

	static String format(double value) {
		double size = Math.abs(value);
		if (size == 0 || size >= 99.95) {
			return String.format(Locale.ROOT, "%,.0f", value);
		}
		int digits = (size >= 9.995) ? 1 : (size >= 0.9995) ? 2 : 3;
		return String.format(Locale.ROOT, "%." + digits + "f", value);
	}

}
