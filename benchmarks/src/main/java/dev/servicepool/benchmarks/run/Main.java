package dev.servicepool.benchmarks.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.servicepool.benchmarks.report.Report;
import dev.servicepool.benchmarks.report.Results;

/**
 * Measures, keeps the results and writes the report. By system properties:
 * {@code benchmarks} is {@code full}, {@code smoke} or {@code none} (write the report
 * again from what is kept); {@code benchmarks.jdks} are the homes of the JDKs, separated
 * by commas; {@code benchmarks.only} is a regular expression for the names of the
 * sections that are measured; {@code benchmarks.folder} is that of this module.
 */
public final class Main {

	private static final String SMOKE = "smoke";

	private static final String NONE = "none";

	private Main() {
	}

	/**
	 * Run.
	 * @param arguments none
	 * @throws Exception if something did not work
	 */
	public static void main(String[] arguments) throws Exception {
		String mode = System.getProperty("benchmarks", "full");
		Path module = Path.of(System.getProperty("benchmarks.folder", "."));
		Path target = module.resolve("target");
		boolean smoke = mode.equals(SMOKE);
		Path results = smoke ? target.resolve("smoke") : module.resolve("results");
		if (!mode.equals(NONE)) {
			measure(new Effort(smoke, Files.createDirectories(target.resolve("logs"))), results);
		}
		Path page = smoke ? target.resolve("benchmarks.md") : module.resolve("../docs/benchmarks.md").normalize();
		List<Section> sections = Sections.all();
		Files.writeString(page, new Report(sections.stream().map(Section::text).toList(), Bars.all(), results).text());
		System.out.println("Written: " + page);
	}

	private static void measure(Effort effort, Path results) throws Exception {
		List<Jdk> jdks = Jdk.all(System.getProperty("benchmarks.jdks", System.getProperty("java.home")));
		String only = System.getProperty("benchmarks.only", ".*");
		for (Section section : Sections.all()) {
			if (section.text().name().matches(only)) {
				new Results(Conditions.now(jdks), section.run(jdks, effort)).write(results, section.text().name());
			}
		}
	}

}
