/**
 * Engine of a pool. {@link dev.servicepool.internal.DefaultPool} is its only entry point.
 * Not part of the public API.
 */
@NullMarked
package dev.servicepool.internal;

import org.jspecify.annotations.NullMarked;
