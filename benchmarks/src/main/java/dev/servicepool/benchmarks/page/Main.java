package dev.servicepool.benchmarks.page;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.springframework.util.FileSystemUtils;

/**
 * Runs the measurements and writes the page of the results.
 */
public final class Main {

	private Main() {
	}

	/**
	 * Run the measurements of each section, and then write its part of the page.
	 * @param arguments the mode, which is {@code full}, {@code smoke}, or {@code none}; a
	 * comma-separated list of the home folders of the JDKs; a regular expression for the
	 * names of the sections; the folder of this module
	 * @throws Exception if a measurement fails or a file cannot be accessed
	 */
	public static void main(String[] arguments) throws Exception {
		boolean smoke = arguments[0].equals("smoke");
		Path module = Path.of(arguments[3]);
		Path page = module.resolve("../docs/benchmarks.md").normalize();
		Path written = smoke ? module.resolve("target/benchmarks.md") : page;
		String text = Files.readString(page);
		for (Section section : Section.all()) {
			if (section.name().matches(arguments[2])) {
				Path folder = module.resolve(smoke ? "target/smoke" : "target/results").resolve(section.name());
				if (!arguments[0].equals("none")) {
					// During a smoke test, JMH runs in this JVM.
					measure(section, smoke ? System.getProperty("java.home") : arguments[1], folder, smoke);
				}
				text = Page.update(text, section, folder);
				Files.writeString(written, text);
			}
		}
		System.out.println("Results written to " + written);
	}

	private static void measure(Section section, String homes, Path folder, boolean smoke) throws Exception {
		FileSystemUtils.deleteRecursively(folder);
		List<Jdk> jdks = new ArrayList<>();
		for (String home : homes.split(",")) {
			Jdk jdk = Jdk.at(home);
			jdks.add(jdk);
			Rounds rounds = new Rounds(jdk, Files.createDirectories(folder.resolve(jdk.name())), smoke);
			for (Section.Table table : section.tables()) {
				if (table.runsOn(jdk)) {
					System.out.println(jdk.name() + ", " + section.name() + ": " + table.title());
					rounds.run(table);
				}
			}
		}
		Files.writeString(folder.resolve("environment.md"), Environment.describe(jdks));
	}

}
