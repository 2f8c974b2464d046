package dev.servicepool.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The figures of one section, in a file of its own, so that a section can be measured
 * again while the others stay.
 *
 * @param conditions when, where and on what they were measured
 * @param figures what was measured
 */
public record Results(List<String> conditions, List<Figure> figures) {

	private static final String CONDITION = "# ";

	/**
	 * Read the results of a section.
	 * @param folder where results are kept
	 * @param section the name of the section
	 * @return the results, empty if there are none
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
	 * Keep the results of a section.
	 * @param folder where results are kept
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
