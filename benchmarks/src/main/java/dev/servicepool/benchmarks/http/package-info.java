/**
 * Benchmarks of the overhead of a pool for a {@code RestClient}.
 */
package dev.servicepool.benchmarks.http;
