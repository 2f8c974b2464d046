package dev.servicepool.benchmarks.report;

import java.util.List;

/**
 * Section of the report.
 *
 * @param name the name of the results file, without extension
 * @param title the heading
 * @param introduction the text above the tables, in Markdown
 * @param tables the tables
 */
public record SectionText(String name, String title, String introduction, List<Table> tables) {
}
