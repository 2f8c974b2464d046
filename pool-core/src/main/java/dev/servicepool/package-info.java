/**
 * A load-balanced pool of services that grows when load is high and shrinks when it is
 * low. {@link dev.servicepool.Pool} is the way in; what is public here is what a user
 * types, everything else is package-private.
 */
@NullMarked
package dev.servicepool;

import org.jspecify.annotations.NullMarked;
