/**
 * The API for applications: RestClient over a pool, sources of targets, and the
 * customization of pools.
 */
@NullMarked
package dev.servicepool.spring;

import org.jspecify.annotations.NullMarked;
