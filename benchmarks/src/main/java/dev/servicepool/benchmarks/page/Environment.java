package dev.servicepool.benchmarks.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Date, machine, JDKs, and libraries of a measurement.
 */
final class Environment {

	private static final Path CPUS = Path.of("/proc/cpuinfo");

	private static final Pattern LIBRARY = Pattern.compile("(jmh-core|HikariCP|stormpot|commons-pool2|reactor-pool"
			+ "|finagle-core_2\\.13|spring-cloud-loadbalancer|spring-boot|spring-web|tomcat-embed-core)-(\\d[^-]*)\\.jar");

	private Environment() {
	}

	/** Return the description in Markdown. */
	static String describe(List<Jdk> jdks) throws IOException {
		String model = Files.exists(CPUS)
				? Files.readString(CPUS).replaceFirst("(?s).*?model name\\s*: ([^\\n]*).*", " of $1") : "";
		String libraries = LIBRARY.matcher(System.getProperty("java.class.path"))
			.results()
			.map((library) -> library.group(1) + " " + library.group(2))
			.collect(Collectors.joining(", "));
		return """
				Environment:

				- %s, %d cores%s, %s %s %s
				- %s
				- %s
				- The number after ± is half the distance between the lowest and the highest value of all rounds.
				""".formatted(LocalDate.now(), Runtime.getRuntime().availableProcessors(), model,
				System.getProperty("os.name"), System.getProperty("os.version").split("-")[0],
				System.getProperty("os.arch"), jdks.stream().map(Jdk::description).collect(Collectors.joining("\n- ")),
				libraries);
	}

}
