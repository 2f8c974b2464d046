/**
 * Runs all that is measured, on one JDK after the other.
 */
package dev.servicepool.benchmarks.run;
