/**
 * How loaded the pool is as a whole: the estimate that decides when it grows and when it
 * shrinks.
 */
@NullMarked
package dev.servicepool.sizing;

import org.jspecify.annotations.NullMarked;
