package dev.servicepool.benchmarks.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.servicepool.benchmarks.report.Report;
import dev.servicepool.benchmarks.report.Results;

/**
 * Runs the measurements, stores the results, and writes the report. The following system
 * properties configure a run:
 * <ul>
 * <li>{@code benchmarks}: {@code full}, {@code smoke}, or {@code none}, which writes the
 * report again from the stored results. The default is {@code full}.</li>
 * <li>{@code benchmarks.jdks}: comma-separated list of the home folders of the JDKs. The
 * default is the running JDK.</li>
 * <li>{@code benchmarks.only}: regular expression for the names of the sections to
 * measure. By default, all sections are measured.</li>
 * <li>{@code benchmarks.folder}: folder of this module. The default is the working
 * folder.</li>
 * </ul>
 */
public final class Main {

	private static final String SMOKE = "smoke";

	private static final String NONE = "none";

	private Main() {
	}

	/**
	 * Run the measurements and write the report.
	 * @param arguments not used
	 * @throws Exception if a measurement fails or a file cannot be accessed
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
		System.out.println("Report written to " + page);
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
