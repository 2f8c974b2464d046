package dev.servicepool.internal.util;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/**
 * Formats numbers and durations for messages.
 */
public final class Figures {

	private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

	private Figures() {
	}

	/** Format a number with three significant digits and without an exponent. */
	public static String of(double value) {
		return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
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
