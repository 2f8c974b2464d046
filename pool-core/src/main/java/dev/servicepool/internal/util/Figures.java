package dev.servicepool.internal.util;

import java.time.Duration;
import java.util.Locale;

/**
 * Formats numbers and durations for messages.
 */
public final class Figures {

	private static final int DIGITS = 3;

	/** The maximum number of decimals, so that the digits of a number fit into a long. */
	private static final int MAX_DECIMALS = 15;

	private Figures() {
	}

	/**
	 * Format a number with three significant digits, at most 15 decimals, and without an
	 * exponent. Does not use {@code BigDecimal}, whose first use takes 30 ms on Java 25:
	 * a pool formats its first number when the first burst creates services.
	 * @param value a finite number whose absolute value is below 10<sup>18</sup>
	 */
	public static String of(double value) {
		double size = Math.abs(value);
		int decimals = (size > 0) ? DIGITS - 1 - (int) Math.floor(Math.log10(size)) : 0;
		if (decimals <= 0) {
			long unit = (long) Math.pow(10, -decimals);
			return Long.toString(Math.round(value / unit) * unit);
		}
		decimals = Math.min(decimals, MAX_DECIMALS);
		long unit = (long) Math.pow(10, decimals);
		long rounded = Math.round(size * unit);
		String fraction = Long.toString(unit + rounded % unit).substring(1);
		int length = decimals;
		while (length > 0 && fraction.charAt(length - 1) == '0') {
			length--;
		}
		String number = rounded / unit + ((length > 0) ? "." + fraction.substring(0, length) : "");
		return (value < 0 && rounded > 0) ? "-" + number : number;
	}

	/** Format a number of things, for example as "1 service" or "2 services". */
	public static String count(long number, String singular) {
		return number + " " + singular + ((number == 1) ? "" : "s");
	}

	/** Format a duration, for example as "10s", "1m30s" or "0.25s". */
	public static String of(Duration duration) {
		return duration.toString().substring(2).toLowerCase(Locale.ROOT);
	}

}
