/**
 * Choosing one of several, and the load that the choice goes by.
 */
package dev.servicepool.benchmarks.picking;
