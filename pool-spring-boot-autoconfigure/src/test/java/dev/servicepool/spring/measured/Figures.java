package dev.servicepool.spring.measured;

import java.util.Locale;

/**
 * Prints the measured figures, one line for each test.
 */
final class Figures {

	private Figures() {
	}

	static void print(String scenario, String format, Object... figures) {
		System.out.println("MEASURED on Java " + Runtime.version().feature() + ", " + scenario + ": "
				+ String.format(Locale.ROOT, format, figures));
	}

}
