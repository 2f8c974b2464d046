package dev.servicepool;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/**
 * Writes numbers and durations for people.
 */
final class Figures {

	private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

	private Figures() {
	}

	/** Three significant digits, no exponent. */
	static String of(double value) {
		return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
	}

	/** Such as "10s", "1m30s" or "0.25s". */
	static String of(Duration duration) {
		return duration.toString().substring(2).toLowerCase(Locale.ROOT);
	}

}
