/**
 * Routes of the requests of HTTP clients to pools.
 */
@NullMarked
package dev.servicepool.spring.routing;

import org.jspecify.annotations.NullMarked;
