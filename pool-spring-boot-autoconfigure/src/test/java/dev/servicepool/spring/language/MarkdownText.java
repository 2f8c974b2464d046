package dev.servicepool.spring.language;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import dev.servicepool.spring.language.Passage.Kind;

/**
 * The language of a Markdown file: its lines without code, and the sentences in them.
 */
final class MarkdownText {

	private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])[)\"']*\\s+(?=[A-Z\"(0-9])");

	private MarkdownText() {
	}

	/** Return the lines that are not part of a code block, without markup. */
	static List<Passage> lines(String file) {
		List<Passage> lines = new ArrayList<>();
		boolean code = false;
		int number = 0;
		for (String line : Sources.read(file).split("\n")) {
			number++;
			if (line.strip().startsWith("```")) {
				code = !code;
			}
			else if (!code && !line.isBlank() && !line.matches("\\s*<.*|\\|[-:| ]+\\|\\s*|!\\[.*")) {
				lines.add(new Passage(file, number, Kind.LINE, plain(line)));
			}
		}
		return lines;
	}

	/** Remove links, emphasis, and list markers; code becomes one word. */
	private static String plain(String line) {
		return line.replaceAll("`[^`]*`", "CODE")
			.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
			.replaceAll("[*_]{1,2}", "")
			.replaceFirst("^\\s*([->]|\\d+\\.)\\s+", "- ");
	}

	static boolean isHeading(Passage line) {
		return line.text().startsWith("#");
	}

	static boolean isTableRow(Passage line) {
		return line.text().startsWith("|");
	}

	static boolean isListItem(Passage line) {
		return line.text().startsWith("- ");
	}

	/** Return the sentences of a line; those of each cell if it is a row of a table. */
	static List<String> sentences(Passage line) {
		String[] cells = isTableRow(line) ? line.text().split("\\||<br>") : new String[] { line.text() };
		return Arrays.stream(cells)
			.flatMap((cell) -> SENTENCE_END.splitAsStream(cell.strip()))
			.filter((sentence) -> words(sentence) > 0)
			.toList();
	}

	static int words(String sentence) {
		return (int) Arrays.stream(sentence.split("\\s+")).filter((word) -> word.matches(".*\\w.*")).count();
	}

}
