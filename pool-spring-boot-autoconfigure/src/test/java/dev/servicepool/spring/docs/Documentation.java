package dev.servicepool.spring.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Pages of the documentation and the code that they show.
 */
final class Documentation {

	static final Path ROOT = Path.of("..");

	private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

	private Documentation() {
	}

	/** Return the README and all pages in docs. */
	static List<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
			return Stream
				.concat(Stream.of(ROOT.resolve("README.md")), docs.filter((file) -> file.toString().endsWith(".md")))
				.sorted()
				.toList();
		}
	}

	/** Return the snippets of a language on all pages. */
	static List<Snippet> snippets(String language) throws IOException {
		return pages().stream().flatMap((page) -> snippets(page, language)).toList();
	}

	/** Return the snippets of a language on a page. */
	static Stream<Snippet> snippets(Path page, String language) {
		return BLOCK.matcher(read(page))
			.results()
			.filter((block) -> block.group(1).equals(language))
			.map((block) -> new Snippet(page, block.group(2)));
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Snippet of code on a page.
	 *
	 * @param page the file of the page
	 * @param code the code
	 */
	record Snippet(Path page, String code) {

		/** Return whether a source contains this code, regardless of indentation. */
		boolean isPartOf(String source) {
			return lines(source).contains(lines(this.code));
		}

		private static String lines(String code) {
			return code.lines()
				.map(String::strip)
				.filter((line) -> !line.isEmpty())
				.collect(Collectors.joining("\n", "\n", "\n"));
		}

		@Override
		public String toString() {
			return this.page.getFileName() + ": " + this.code;
		}

	}

}
