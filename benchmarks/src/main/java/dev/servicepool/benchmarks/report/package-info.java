/**
 * What was measured: kept in files, and written up as a page.
 */
package dev.servicepool.benchmarks.report;
