package dev.servicepool.benchmarks.page;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import dev.servicepool.benchmarks.page.Section.Table;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Figures of one table on one JDK, read from the files that {@link Rounds} creates.
 *
 * @param table the table
 * @param jdk the name of the JDK
 * @param figures the figures by row and measure
 */
record Results(Table table, String jdk, Map<String, Figure> figures) {

	private static final List<String> PERCENTILES = List.of("50.0", "99.0", "99.9");

	/** Return the figures of all tables, in the order of measurement. */
	static List<Figure> read(Section section, Path folder) throws IOException {
		List<Figure> figures = new ArrayList<>();
		for (File jdk : new TreeSet<>(List.of(folder.toFile().listFiles(File::isDirectory)))) {
			for (Table table : section.tables()) {
				Results results = new Results(table, jdk.getName(), new LinkedHashMap<>());
				for (int round = 1; round <= table.rounds(); round++) {
					results.read(table.file(jdk.toPath(), round));
				}
				figures.addAll(results.figures.values());
			}
		}
		return figures;
	}

	private void read(Path file) throws IOException {
		if (Files.exists(file) && this.table.jmh() != null) {
			JsonMapper.shared().readTree(file.toFile()).forEach(this::addBenchmark);
		}
		else if (Files.exists(file)) {
			Files.readAllLines(file).forEach(this::addProbe);
		}
	}

	private void addBenchmark(JsonNode result) {
		String method = result.get("benchmark").stringValue();
		String parameter = this.table.jmh().row();
		String row = (parameter != null) ? result.get("params").get(parameter).stringValue()
				: method.substring(method.lastIndexOf('.') + 1);
		JsonNode metric = result.get("primaryMetric");
		String unit = metric.get("scoreUnit").stringValue();
		double score = metric.get("score").asDouble();
		switch (result.get("mode").stringValue()) {
			case "thrpt" -> add(row, "throughput", unit, score);
			case "avgt" -> add(row, "time", unit, score);
			default -> {
				// Each thread calls again as soon as the response arrives.
				add(row, "throughput", "ops/s", result.get("threads").asInt() * 1e6 / score);
				for (String percentile : PERCENTILES) {
					add(row, "p" + percentile.replace(".0", ""), unit,
							metric.get("scorePercentiles").get(percentile).asDouble());
				}
			}
		}
		add(row, "allocated", "B/op", result.get("secondaryMetrics").get("gc.alloc.rate.norm").get("score").asDouble());
	}

	private void addProbe(String line) {
		String[] fields = line.split("\t");
		if (fields[0].equals("figure")) {
			add(fields[1], fields[2], fields[3], Double.parseDouble(fields[4]));
		}
	}

	private void add(String row, String measure, String unit, double value) {
		if (!Double.isFinite(value)) {
			throw new IllegalStateException(
					this.table.title() + ", " + row + ": " + measure + " must be finite but was " + value);
		}
		this.figures
			.computeIfAbsent(row + "\t" + measure,
					(key) -> new Figure(this.jdk, this.table.name(), row, measure, unit, new DoubleSummaryStatistics()))
			.rounds()
			.accept(value);
	}

}
