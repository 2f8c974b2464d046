/**
 * Programs that measure what JMH is not made for, each in a JVM of its own.
 */
package dev.servicepool.benchmarks.probe;
