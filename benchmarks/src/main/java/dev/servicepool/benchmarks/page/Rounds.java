package dev.servicepool.benchmarks.page;

import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.servicepool.benchmarks.page.Section.Jmh;
import dev.servicepool.benchmarks.page.Section.Table;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs the rounds of one table on one JDK. Each round measures all rows, because the
 * speed of a virtual machine varies over time, especially if two processors are used. The
 * results are one file for each round: JSON of JMH, or the output of a probe.
 *
 * @param jdk the JDK
 * @param folder the folder of the results
 * @param smoke whether to check only that the programs work
 */
record Rounds(Jdk jdk, Path folder, boolean smoke) {

	void run(Table table) throws Exception {
		for (int round = 1; round <= (this.smoke ? 1 : table.rounds()); round++) {
			Path results = table.file(this.folder, round);
			if (table.jmh() != null) {
				runBenchmark(table.jmh(), table.jvm(), results);
			}
			else {
				runProbe(table, results.toFile());
			}
		}
	}

	private void runBenchmark(Jmh jmh, String jvm, Path results) throws Exception {
		List<String> arguments = split(
				jmh.options() + " -prof gc -foe true -rf json " + (this.smoke ? "-f 0 -wi 0 -i 1 -r 20ms"
						: "-f 1 -i 3 -wi %d -w %2$dms -r %2$dms".formatted(jmh.warmups(), jmh.millis())));
		arguments.addAll(List.of("-jvm", this.jdk.java(), "-jvmArgs", jvm));
		arguments.addAll(List.of("-rff", results.toString(), "-o", results + ".log"));
		new Runner(new CommandLineOptions(arguments.toArray(String[]::new))).run();
	}

	private void runProbe(Table table, File results) throws Exception {
		for (String row : table.probe().rows()) {
			runProbe(table, row, results);
		}
	}

	private void runProbe(Table table, String row, File results) throws Exception {
		List<String> command = split(this.jdk.java() + " " + table.jvm());
		List<String> probe = split(table.probe().program());
		command.addAll(List.of("-cp", System.getProperty("java.class.path"),
				"dev.servicepool.benchmarks.probe." + probe.remove(0), row, String.valueOf(this.smoke)));
		command.addAll(probe);
		File log = new File(results + ".log");
		int exitCode = new ProcessBuilder(command).redirectOutput(Redirect.appendTo(results))
			.redirectError(Redirect.appendTo(log))
			.start()
			.waitFor();
		if (exitCode != 0) {
			throw new IllegalStateException(table.title() + ": " + row + " failed. See " + log);
		}
	}

	private static List<String> split(String arguments) {
		return new ArrayList<>(List.of(arguments.split(" ")));
	}

}
