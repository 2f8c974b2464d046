/**
 * Actuator support for pools: the endpoint with its descriptors, and the health
 * contributor.
 */
@NullMarked
package dev.servicepool.spring.actuate;

import org.jspecify.annotations.NullMarked;
