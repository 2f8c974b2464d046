package dev.servicepool.benchmarks.report;

import java.util.List;

/**
 * A section of the report.
 *
 * @param name the name of its file of results
 * @param title its title
 * @param introduction what was done
 * @param tables its tables
 */
public record SectionText(String name, String title, String introduction, List<Table> tables) {
}
