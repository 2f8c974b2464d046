package dev.servicepool.benchmarks.report;

/**
 * A table of the report.
 *
 * @param title what is measured, unique among all tables
 * @param peer the row that the others are compared with
 */
public record Table(String title, String peer) {
}
