package dev.servicepool.benchmarks.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.servicepool.benchmarks.page.Section.Bar;
import dev.servicepool.benchmarks.page.Section.Table;

import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.MapAccessor;
import org.springframework.expression.spel.support.SimpleEvaluationContext;

/**
 * Writes the results of a section to the page, between two comments that contain the name
 * of the section. The rest of the page is written by hand.
 */
final class Page {

	private Page() {
	}

	/** Return the page with new results of a section. */
	static String update(String page, Section section, Path folder) throws IOException {
		String marker = "<!-- results: " + section.name() + " -->\n";
		String[] parts = page.split(marker, -1);
		if (parts.length != 3) {
			throw new IllegalStateException("The page must contain two lines " + marker);
		}
		return String.join(marker, parts[0], "\n" + text(section, folder) + "\n", parts[2]);
	}

	private static String text(Section section, Path folder) throws IOException {
		List<Figure> all = Results.read(section, folder);
		StringBuilder text = new StringBuilder(Files.readString(folder.resolve("environment.md")))
			.append(bars(section.bars(), all));
		for (Table table : section.tables()) {
			List<Figure> figures = all.stream().filter((figure) -> figure.table().equals(table.name())).toList();
			if (!figures.isEmpty()) {
				text.append("\n### ").append(table.title()).append("\n\n").append(table(figures));
			}
		}
		return text.toString();
	}

	private static String bars(List<Bar> bars, List<Figure> figures) {
		Map<String, ?> byJdk = figures.stream()
			.collect(Collectors.groupingBy(Figure::jdk, TreeMap::new, Collectors.groupingBy(Figure::table,
					Collectors.groupingBy(Figure::row, Collectors.toMap(Figure::measure, Figure::value)))));
		StringBuilder text = new StringBuilder();
		if (!bars.isEmpty()) {
			text.append("\n### Bars\n\n").append(row(Stream.of("figure", "bar"), byJdk.keySet().stream()));
			text.append("|---|--:|").append("---|".repeat(byJdk.size())).append('\n');
		}
		for (Bar bar : bars) {
			text.append(row(Stream.of(bar.figure(), bar.limit()),
					byJdk.values().stream().map((values) -> verdict(bar, values))));
		}
		return text.toString();
	}

	private static String verdict(Bar bar, Object figures) {
		double value = new SpelExpressionParser().parseExpression(bar.value())
			.getValue(SimpleEvaluationContext.forPropertyAccessors(new MapAccessor(false)).build(), figures,
					double.class);
		return Figure.format(value) + (bar.isMet(value) ? ", met" : ", **missed**");
	}

	private static String table(List<Figure> figures) {
		List<String> headings = figures.stream().map(Figure::heading).distinct().toList();
		Map<String, Figure> peers = figures.stream()
			.collect(Collectors.toMap((figure) -> figure.jdk() + figure.measure(), (figure) -> figure,
					(peer, other) -> peer));
		StringBuilder text = new StringBuilder(row(Stream.of("", ""), headings.stream()));
		text.append("|---|---|").append("--:|".repeat(headings.size())).append('\n');
		for (String row : figures.stream().map(Figure::row).distinct().toList()) {
			for (String jdk : figures.stream().map(Figure::jdk).distinct().toList()) {
				text.append(row(Stream.of(label(row), jdk),
						figures.stream()
							.filter((figure) -> figure.row().equals(row) && figure.jdk().equals(jdk))
							.map((figure) -> figure.text(peers.get(figure.jdk() + figure.measure())))));
			}
		}
		return text.toString();
	}

	private static String label(String row) {
		return row.equals(row.toUpperCase(Locale.ROOT)) ? row.toLowerCase(Locale.ROOT).replace('_', ' ') : row;
	}

	private static String row(Stream<String> first, Stream<String> others) {
		return "| " + Stream.concat(first, others).collect(Collectors.joining(" | ")) + " |\n";
	}

}
