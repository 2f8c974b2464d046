/**
 * Programs for measurements that JMH does not support. Each runs in a JVM of its own.
 */
package dev.servicepool.benchmarks.probe;
