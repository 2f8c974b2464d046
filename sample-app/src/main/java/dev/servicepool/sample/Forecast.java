package dev.servicepool.sample;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;

/**
 * Price that a symbol is expected to have.
 *
 * @param symbol the symbol
 * @param price the expected price
 * @param at the time at which the symbol is expected to have this price
 */
public record Forecast(String symbol, BigDecimal price, Instant at) {

	private static final BigDecimal DAILY_RISE = new BigDecimal("1.01");

	/**
	 * Return an invented forecast for the day after a quote.
	 */
	static Forecast of(Quote quote) {
		return new Forecast(quote.symbol(), quote.price().multiply(DAILY_RISE).setScale(2, RoundingMode.HALF_UP),
				quote.asOf().plus(Duration.ofDays(1)));
	}

}
