/**
 * Load estimate of the pool, which determines when the pool scales up and down.
 */
@NullMarked
package dev.servicepool.internal.sizing;

import org.jspecify.annotations.NullMarked;
