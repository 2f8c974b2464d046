package dev.servicepool.spring.measured;

import java.util.Locale;

/**
 * Prints what was measured, a line for each test.
 */
final class Figures {

	private Figures() {
	}

	static void print(String what, String format, Object... figures) {
		System.out.println("MEASURED on Java " + Runtime.version().feature() + ", " + what + ": "
				+ String.format(Locale.ROOT, format, figures));
	}

}
