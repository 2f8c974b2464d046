package dev.servicepool.benchmarks.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JDK to measure on.
 *
 * @param java its command
 * @param version its version
 * @param description its version in full
 */
record Jdk(Path java, Runtime.Version version, String description) {

	/**
	 * Ask a JDK who it is.
	 * @param home where it is installed
	 */
	static Jdk at(String home) throws IOException, InterruptedException {
		Path java = Path.of(home, "bin", "java");
		Process process = new ProcessBuilder(java.toString(), "-XshowSettings:properties", "-version")
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IOException(java + " says: " + output);
		}
		String version = property(output, "java.runtime.version");
		return new Jdk(java, Runtime.Version.parse(version),
				property(output, "java.vm.name") + " " + version + " (" + property(output, "java.vm.vendor") + ")");
	}

	private static String property(String output, String name) {
		return output.lines()
			.map(String::trim)
			.filter((line) -> line.startsWith(name + " = "))
			.map((line) -> line.substring(name.length() + 3))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No " + name + " in: " + output));
	}

	static List<Jdk> all(String homes) throws IOException, InterruptedException {
		List<Jdk> jdks = new ArrayList<>();
		for (String home : homes.split(",")) {
			jdks.add(at(home.trim()));
		}
		return jdks;
	}

	/** What it is called in results. */
	String name() {
		return "JDK " + this.version.feature();
	}

}
