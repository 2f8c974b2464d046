/**
 * Options that applications set as properties of all pools or of single pools.
 */
@NullMarked
package dev.servicepool.spring.options;

import org.jspecify.annotations.NullMarked;
