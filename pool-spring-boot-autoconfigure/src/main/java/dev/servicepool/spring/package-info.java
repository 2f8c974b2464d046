/**
 * API for applications: RestClient with pools, sources of targets, and customization of
 * pools.
 */
@NullMarked
package dev.servicepool.spring;

import org.jspecify.annotations.NullMarked;
