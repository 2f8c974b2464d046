package dev.servicepool.benchmarks.report;

/**
 * Table of the report.
 *
 * @param title the heading, unique among all tables
 * @param peer the row that the others are compared with
 */
public record Table(String title, String peer) {
}
