/**
 * Micrometer meters of pools.
 */
@NullMarked
package dev.servicepool.spring.metrics;

import org.jspecify.annotations.NullMarked;
