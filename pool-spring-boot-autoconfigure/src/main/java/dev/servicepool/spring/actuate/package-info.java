/**
 * The actuator's view of the pools: an endpoint, and what it shows.
 */
@NullMarked
package dev.servicepool.spring.actuate;

import org.jspecify.annotations.NullMarked;
