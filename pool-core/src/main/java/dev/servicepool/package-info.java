/**
 * Load-balanced pools of services. {@link dev.servicepool.Pool} is the entry point.
 */
@NullMarked
package dev.servicepool;

import org.jspecify.annotations.NullMarked;
