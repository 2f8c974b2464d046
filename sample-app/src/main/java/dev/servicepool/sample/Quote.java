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

}
