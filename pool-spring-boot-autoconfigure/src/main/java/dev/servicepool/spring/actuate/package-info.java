/**
 * The actuator's view of the pools: an endpoint, what it shows, and health.
 */
@NullMarked
package dev.servicepool.spring.actuate;

import org.jspecify.annotations.NullMarked;
