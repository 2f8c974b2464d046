/**
 * Runner of all measurements. It measures on one JDK after the other.
 */
package dev.servicepool.benchmarks.run;
