package dev.servicepool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Figures of one section. Each section has a file of its own, so that one section can be
 * measured again without the others.
 *
 * @param conditions the date and the environment of the measurement
 * @param figures the measured figures
 */
public record Results(List<String> conditions, List<Figure> figures) {

	private static final String CONDITION = "# ";

	/**
	 * Read the results of a section.
	 * @param folder the folder of the results
	 * @param section the name of the section
	 * @return the results; empty if the section has no file
	 * @throws IOException if the file cannot be read
	 */
	public static Results read(Path folder, String section) throws IOException {
		Path file = file(folder, section);
		List<String> conditions = new ArrayList<>();
		List<Figure> figures = new ArrayList<>();
		for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
			if (line.startsWith(CONDITION)) {
				conditions.add(line.substring(CONDITION.length()));
			}
			else {
				figures.add(Figure.fromLine(line));
			}
		}
		return new Results(conditions, figures);
	}

	/**
	 * Write the results of a section.
	 * @param folder the folder of the results
	 * @param section the name of the section
	 * @throws IOException if the file cannot be written
	 */
	public void write(Path folder, String section) throws IOException {
		Files.createDirectories(folder);
		Files.write(file(folder, section),
				Stream
					.concat(this.conditions.stream().map((condition) -> CONDITION + condition),
							this.figures.stream().map(Figure::toLine))
					.toList());
	}

	private static Path file(Path folder, String section) {
		return folder.resolve(section + ".tsv");
	}

}
