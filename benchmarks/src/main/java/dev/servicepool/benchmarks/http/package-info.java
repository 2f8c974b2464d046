/**
 * What a pool costs on a {@code RestClient}.
 */
package dev.servicepool.benchmarks.http;
