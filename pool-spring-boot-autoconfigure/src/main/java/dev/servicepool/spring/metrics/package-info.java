/**
 * Micrometer meters of the pools.
 */
@NullMarked
package dev.servicepool.spring.metrics;

import org.jspecify.annotations.NullMarked;
