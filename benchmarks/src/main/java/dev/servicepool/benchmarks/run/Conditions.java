package dev.servicepool.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Date, machine, JDKs, and libraries of a measurement.
 */
final class Conditions {

	private static final Path CPUS = Path.of("/proc/cpuinfo");

	/** Libraries whose versions are reported: the prefixes of their file names. */
	private static final List<String> LIBRARIES = List.of("jmh-core", "HikariCP", "stormpot", "commons-pool2",
			"reactor-pool", "finagle-core_2.13", "spring-cloud-loadbalancer", "spring-boot", "spring-web",
			"tomcat-embed-core");

	private Conditions() {
	}

	static List<String> now(List<Jdk> jdks) throws IOException {
		List<String> conditions = new ArrayList<>();
		conditions.add(LocalDate.now() + ", " + Runtime.getRuntime().availableProcessors() + " cores" + model() + ", "
				+ System.getProperty("os.name") + " " + System.getProperty("os.version").split("-")[0] + " "
				+ System.getProperty("os.arch"));
		jdks.forEach((jdk) -> conditions.add(jdk.description()));
		conditions.add(LIBRARIES.stream().flatMap(Conditions::version).collect(Collectors.joining(", ")));
		return conditions;
	}

	private static String model() throws IOException {
		if (!Files.exists(CPUS)) {
			return "";
		}
		return Files.readAllLines(CPUS)
			.stream()
			.filter((line) -> line.startsWith("model name"))
			.findFirst()
			.map((line) -> " of " + line.substring(line.indexOf(':') + 1).trim())
			.orElse("");
	}

	private static Stream<String> version(String library) {
		return Stream.of(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
			.map((entry) -> Path.of(entry).getFileName().toString())
			.filter((file) -> file.matches(library.replace(".", "\\.") + "-\\d[^-]*\\.jar"))
			.map((file) -> library + " " + file.substring(library.length() + 1, file.length() - ".jar".length()));
	}

}
