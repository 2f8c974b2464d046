package dev.servicepool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Page that shows all results.
 */
public final class Report {

	private static final String INTRODUCTION = """
			# Benchmarks

			The command in [benchmarks/README.md](../benchmarks/README.md) generates this page from the measured figures.

			- The number after ± is half the width of the error bar.
			  The error bar is JMH's 99.9% confidence interval.
			  For percentiles, and for figures that JMH does not measure, it extends from the lowest to the highest value of all JVMs.
			- The number in parentheses is the figure divided by the figure of the first row, which was measured in the same run.
			- `allocated` is the memory that the JVM reports as allocated per operation.

			""";

	/** Limit below which a peer counts as zero, so that no ratio is shown. */
	private static final double LEAST_COMPARED = 0.005;

	private final List<SectionText> sections;

	private final List<Bar> bars;

	private final Path folder;

	/**
	 * Create a report.
	 * @param sections the sections
	 * @param bars the bars that the pool must meet
	 * @param folder the folder of the results
	 */
	public Report(List<SectionText> sections, List<Bar> bars, Path folder) {
		this.sections = sections;
		this.bars = bars;
		this.folder = folder;
	}

	/**
	 * Return the text of the page.
	 * @return the text in Markdown
	 * @throws IOException if the results cannot be read
	 */
	public String text() throws IOException {
		StringBuilder page = new StringBuilder(INTRODUCTION);
		List<Figure> all = new ArrayList<>();
		StringBuilder body = new StringBuilder();
		for (SectionText section : this.sections) {
			Results results = Results.read(this.folder, section.name());
			all.addAll(results.figures());
			if (!results.figures().isEmpty()) {
				append(section, results, body);
			}
		}
		return page.append(bars(new Figures(all))).append(body).toString();
	}

	private String bars(Figures figures) {
		List<String> jdks = figures.jdks();
		StringBuilder text = new StringBuilder("## Bars\n\nA bar is the limit that the project sets for a figure.\n\n");
		text.append(row(Stream.concat(Stream.of("figure", "bar"), jdks.stream())));
		text.append("|---|--:|").append("---|".repeat(jdks.size())).append('\n');
		for (Bar bar : this.bars) {
			text.append(row(Stream.concat(Stream.of(bar.text(), bar.limitText()),
					jdks.stream().map((jdk) -> verdict(bar, bar.value().in(figures, jdk))))));
		}
		return text.append('\n').toString();
	}

	private static String verdict(Bar bar, double value) {
		if (Double.isNaN(value)) {
			return "not measured";
		}
		return Numbers.format(value) + (bar.isMet(value) ? ", met" : ", **missed**");
	}

	private static void append(SectionText section, Results results, StringBuilder page) {
		page.append("## ").append(section.title()).append("\n\n").append(section.introduction().strip()).append("\n\n");
		page.append("Environment:\n\n");
		results.conditions().forEach((condition) -> page.append("- ").append(condition).append('\n'));
		Figures figures = new Figures(results.figures());
		for (Table table : section.tables()) {
			List<Figure> shown = figures.of(table.title());
			if (!shown.isEmpty()) {
				page.append("\n### ").append(table.title()).append("\n\n").append(table(table, new Figures(shown)));
			}
		}
		page.append('\n');
	}

	private static String table(Table table, Figures figures) {
		List<Figure> all = figures.all();
		List<String> measures = all.stream().map(Figure::measure).distinct().toList();
		StringBuilder text = new StringBuilder();
		text.append(row(Stream.concat(Stream.of("", ""), measures.stream().map((measure) -> heading(all, measure)))));
		text.append("|---|---|").append("--:|".repeat(measures.size())).append('\n');
		for (String row : all.stream().map(Figure::row).distinct().toList()) {
			for (String jdk : figures.jdks()) {
				Stream<String> cells = measures.stream().map((measure) -> cell(table, figures, row, measure, jdk));
				text.append(row(Stream.concat(Stream.of(label(row), jdk), cells)));
			}
		}
		return text.toString();
	}

	private static String heading(List<Figure> figures, String measure) {
		String unit = figures.stream()
			.filter((figure) -> figure.measure().equals(measure))
			.findFirst()
			.orElseThrow()
			.unit();
		return unit.isEmpty() ? measure : measure + ", " + unit;
	}

	private static String cell(Table table, Figures figures, String row, String measure, String jdk) {
		Optional<Figure> found = figures.find(table.title(), row, measure, jdk);
		if (found.isEmpty()) {
			return "";
		}
		Figure figure = found.get();
		String text = Numbers.format(figure.value(), figure.unit());
		if (figure.error() > 0) {
			text += " ± " + Numbers.format(figure.error());
		}
		double peer = figures.value(table.title(), table.peer(), measure, jdk);
		boolean compared = Math.abs(peer) >= LEAST_COMPARED && !row.equals(table.peer());
		return compared ? text + " (" + Numbers.format(figure.value() / peer) + ")" : text;
	}

	private static String label(String row) {
		return row.equals(row.toUpperCase()) ? row.toLowerCase().replace('_', ' ') : row;
	}

	private static String row(Stream<String> cells) {
		return cells.reduce("|", (row, cell) -> row + " " + cell + " |") + "\n";
	}

}
