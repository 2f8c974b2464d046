package dev.servicepool.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Check that the sizing report matches the code.
 */
class SizingReportTests {

	private static final Path DOCS = Path.of("..", "docs");

	@Test
	void reportIsUpToDate() throws IOException {
		Map<String, String> files = SizingReport.files();
		if (Boolean.getBoolean("sizing-report.write")) {
			write(files);
		}
		for (Map.Entry<String, String> file : files.entrySet()) {
			assertThat(Files.readString(DOCS.resolve(file.getKey())))
				.as("docs/%s; to accept the change, run: mvn -pl pool-core test -Dtest=SizingReportTests -Dsizing-report.write=true",
						file.getKey())
				.isEqualToNormalizingNewlines(file.getValue());
		}
	}

	private void write(Map<String, String> files) throws IOException {
		Files.createDirectories(DOCS.resolve("sizing"));
		for (Map.Entry<String, String> file : files.entrySet()) {
			Files.writeString(DOCS.resolve(file.getKey()), file.getValue());
		}
	}

}
