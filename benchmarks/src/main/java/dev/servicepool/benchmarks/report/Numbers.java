package dev.servicepool.benchmarks.report;

import java.util.Locale;

/**
 * Numbers as they are shown: with three digits that count, or all before the point.
 */
final class Numbers {

	private Numbers() {
	}

	/** Of percents, what is missing to a hundred counts. */
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
