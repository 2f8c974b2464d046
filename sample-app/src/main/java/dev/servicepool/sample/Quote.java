package dev.servicepool.sample;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * The price of something at a moment.
 *
 * @param symbol what is priced
 * @param price its price
 * @param asOf when that was the price
 */
record Quote(String symbol, BigDecimal price, Instant asOf) {

	/**
	 * Return a quote with an invented price, always the same for a symbol.
	 * @param symbol what is priced
	 * @return the quote, as of now
	 */
	static Quote of(String symbol) {
		long cents = 1000 + Math.floorMod(symbol.hashCode(), 90_000);
		return new Quote(symbol, BigDecimal.valueOf(cents, 2), Instant.now());
	}

}
