package dev.servicepool;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Writes numbers for people: three significant digits, no exponent.
 */
final class Decimal {

	private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

	private Decimal() {
	}

	static String of(double value) {
		return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
	}

}
