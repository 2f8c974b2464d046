package dev.servicepool.benchmarks.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * JDK that runs the measurements.
 *
 * @param java the path of the {@code java} command
 * @param version the version
 * @param description the name, version, and vendor of the JVM
 */
record Jdk(Path java, Runtime.Version version, String description) {

	/**
	 * Return the JDK that is installed in a folder.
	 * @param home the home folder of the JDK
	 */
	static Jdk at(String home) throws IOException, InterruptedException {
		Path java = Path.of(home, "bin", "java");
		Process process = new ProcessBuilder(java.toString(), "-XshowSettings:properties", "-version")
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		int exitCode = process.waitFor();
		if (exitCode != 0) {
			throw new IOException(java + " must exit with code 0 but exited with code " + exitCode + ": " + output);
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
			.orElseThrow(() -> new IllegalStateException(
					"Property '" + name + "' is missing in the output of the JDK: " + output));
	}

	static List<Jdk> all(String homes) throws IOException, InterruptedException {
		List<Jdk> jdks = new ArrayList<>();
		for (String home : homes.split(",")) {
			jdks.add(at(home.trim()));
		}
		return jdks;
	}

	/** Return the name that the results use for this JDK. */
	String name() {
		return "JDK " + this.version.feature();
	}

}
