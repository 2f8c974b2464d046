package dev.servicepool.sample;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * Price of a symbol at a point in time.
 *
 * @param symbol the symbol
 * @param price the price
 * @param asOf the time of the price
 */
public record Quote(String symbol, BigDecimal price, Instant asOf) {

}
