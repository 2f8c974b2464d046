/**
 * Benchmarks of picking one of several services, and of the load trackers.
 */
package dev.servicepool.benchmarks.picking;
