package dev.servicepool.spring.language;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files of the project, with paths relative to its root.
 */
final class Sources {

	static final Path ROOT = Path.of("").toAbsolutePath().getParent();

	private Sources() {
	}

	static List<String> markdown() {
		return find((path) -> path.endsWith(".md"));
	}

	static List<String> mainJava() {
		return find((path) -> path.contains("/src/main/java/") && path.endsWith(".java"));
	}

	static List<String> testJava() {
		return find((path) -> path.contains("/src/test/java/") && path.endsWith(".java"));
	}

	/** Return text files that are neither Java nor Markdown. */
	static List<String> resources() {
		return find((path) -> (path.contains("/src/main/resources/") || path.startsWith("docs/observability/"))
				&& path.matches(".*\\.(js|html|css|yml|json|md)"));
	}

	static String read(String path) {
		try {
			return Files.readString(ROOT.resolve(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> find(Predicate<String> wanted) {
		try (Stream<Path> paths = Files.walk(ROOT)) {
			return paths.filter(Files::isRegularFile)
				.map((path) -> ROOT.relativize(path).toString().replace('\\', '/'))
				.filter((path) -> !path.contains("/target/") && !path.startsWith(".git/"))
				.filter(wanted)
				.sorted()
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
