/**
 * Program that measures everything and writes the page of the results.
 */
package dev.servicepool.benchmarks.page;
