/**
 * Tests that measure a pool of HTTP/2 clients and the plain client in the same run. They
 * are not part of an ordinary build.
 */
@NullMarked
package dev.servicepool.spring.measured;

import org.jspecify.annotations.NullMarked;
