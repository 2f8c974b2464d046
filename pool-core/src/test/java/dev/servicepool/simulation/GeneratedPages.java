package dev.servicepool.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files of the documentation that a test generates and compares with those on disk.
 */
public final class GeneratedPages {

	private static final Path DOCS = Path.of("..", "docs");

	private GeneratedPages() {
	}

	/**
	 * Read a page of the documentation.
	 * @param name the name of the page
	 * @return the content
	 * @throws IOException if the page cannot be read
	 */
	static String read(String name) throws IOException {
		return Files.readString(DOCS.resolve(name));
	}

	/**
	 * Check that files match the code, or first write them if the system property is
	 * {@code true}.
	 * @param files the contents of the files by their names relative to the docs
	 * directory
	 * @param test the test that calls this method
	 * @param property the name of the system property
	 * @throws IOException if a file cannot be accessed
	 */
	public static void check(Map<String, String> files, Class<?> test, String property) throws IOException {
		for (Map.Entry<String, String> file : files.entrySet()) {
			Path path = DOCS.resolve(file.getKey());
			if (Boolean.getBoolean(property)) {
				Files.createDirectories(path.getParent());
				Files.writeString(path, file.getValue());
			}
			assertThat(Files.readString(path))
				.as("docs/%s; to accept the change, run: mvn -pl pool-core test -DexcludedGroups= -Dtest=%s -D%s=true",
						file.getKey(), test.getSimpleName(), property)
				.isEqualToNormalizingNewlines(file.getValue());
		}
	}

}
