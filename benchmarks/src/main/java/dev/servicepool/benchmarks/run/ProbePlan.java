package dev.servicepool.benchmarks.run;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.servicepool.benchmarks.report.Figure;
import dev.servicepool.benchmarks.report.Table;

/**
 * Plan that runs a program for measurements that JMH does not support. Each run measures
 * one row in a JVM of its own, and the rows alternate. The arguments of the program are
 * the row, whether this is a smoke test, and the arguments of the plan. The program
 * prints one line per figure: {@code figure}, measure, unit, and value, separated by
 * tabs.
 */
final class ProbePlan implements Plan {

	private static final String FIGURE = "figure\t";

	private final Table table;

	private final String program;

	private final List<String> rows;

	private List<String> arguments = List.of();

	private int forks = 3;

	private int feature = 17;

	private List<String> options = Memory.options("512m");

	private ProbePlan(String title, String program, List<String> rows) {
		this.table = new Table(title, rows.get(0));
		this.program = program;
		this.rows = rows;
	}

	/** Create a plan whose first row is the peer. */
	static ProbePlan of(String title, Class<?> program, Object... rows) {
		return of(title, program.getName(), rows);
	}

	static ProbePlan of(String title, String program, Object... rows) {
		return new ProbePlan(title, program, List.of(rows).stream().map(String::valueOf).toList());
	}

	/** Set the additional arguments of the program. There are none by default. */
	ProbePlan arguments(Object... arguments) {
		this.arguments = List.of(arguments).stream().map(String::valueOf).toList();
		return this;
	}

	/** Set the number of JVMs for each row. The default is 3. */
	ProbePlan forks(int forks) {
		this.forks = forks;
		return this;
	}

	/** Set the minimum Java version. The default is 17. */
	ProbePlan since(int feature) {
		this.feature = feature;
		return this;
	}

	/** Set the JVM options. By default, the heap has 512 MiB. */
	ProbePlan options(List<String> options) {
		this.options = options;
		return this;
	}

	@Override
	public Table table() {
		return this.table;
	}

	@Override
	public List<String> rows() {
		return this.rows;
	}

	@Override
	public boolean runsOn(Jdk jdk) {
		return jdk.version().feature() >= this.feature;
	}

	@Override
	public List<Figure> run(Jdk jdk, Effort effort) throws Exception {
		Map<List<String>, DoubleSummaryStatistics> values = new LinkedHashMap<>();
		for (int fork = 0; fork < (effort.smoke() ? 1 : this.forks); fork++) {
			for (String row : this.rows) {
				for (String line : output(jdk, row, effort)) {
					String[] fields = line.substring(FIGURE.length()).split("\t");
					values.computeIfAbsent(List.of(row, fields[0], fields[1]), (key) -> new DoubleSummaryStatistics())
						.accept(Double.parseDouble(fields[2]));
				}
			}
		}
		List<Figure> figures = new ArrayList<>();
		values.forEach((key, value) -> figures.add(new Figure(this.table.title(), key.get(0), key.get(1), key.get(2),
				jdk.name(), value.getAverage(), (value.getMax() - value.getMin()) / 2)));
		return figures;
	}

	private List<String> output(Jdk jdk, String row, Effort effort) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of(jdk.java().toString()));
		command.addAll(this.options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), this.program, row,
				String.valueOf(effort.smoke())));
		command.addAll(this.arguments);
		File log = effort.log(this.table.title(), jdk).toFile();
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log)).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IllegalStateException(
					this.program + " failed for row '" + row + "'. See " + log + ".\n" + output);
		}
		return output.lines().filter((line) -> line.startsWith(FIGURE)).toList();
	}

}
