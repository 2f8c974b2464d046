/**
 * Results of the measurements: their files, and the page that shows them.
 */
package dev.servicepool.benchmarks.report;
