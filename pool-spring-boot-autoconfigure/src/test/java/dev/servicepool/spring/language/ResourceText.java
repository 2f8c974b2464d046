package dev.servicepool.spring.language;

import java.util.ArrayList;
import java.util.List;

import dev.servicepool.spring.language.Passage.Kind;

/**
 * The lines of a text file that is neither Java nor Markdown.
 */
final class ResourceText {

	private ResourceText() {
	}

	static List<Passage> of(String file) {
		List<Passage> lines = new ArrayList<>();
		int number = 0;
		for (String line : Sources.read(file).split("\n")) {
			lines.add(new Passage(file, ++number, Kind.LINE, line));
		}
		return lines;
	}

}
