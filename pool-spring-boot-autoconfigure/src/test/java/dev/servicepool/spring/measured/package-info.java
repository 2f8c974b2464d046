/**
 * What a pool of HTTP/2 clients brings, measured beside the plain client in the same run.
 * Left out of an ordinary build.
 */
@NullMarked
package dev.servicepool.spring.measured;

import org.jspecify.annotations.NullMarked;
