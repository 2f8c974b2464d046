package dev.servicepool.spring.language;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the project uses one word for each concept, and none of those that it
 * replaces. {@code replaced-terms.txt} lists these words, {@code allowed-terms.txt} the
 * exceptions with their reasons.
 */
class VocabularyTests {

	private static final String DIRECTORY = "pool-spring-boot-autoconfigure/src/test/resources/language/";

	private final Map<String, Pattern> replaced = new TreeMap<>();

	private final List<Allowed> allowed = rows("allowed-terms.txt").map(Allowed::of).toList();

	VocabularyTests() {
		rows("replaced-terms.txt").forEach((row) -> this.replaced.put(row[1],
				Pattern.compile("\\b(" + row[0] + ")\\b", Pattern.CASE_INSENSITIVE)));
	}

	@Test
	void noReplacedTerms() {
		assertThat(passages().flatMap(this::findings)).isEmpty();
	}

	@Test
	void eachExceptionIsNeededAndHasAReason() {
		Set<Allowed> needed = new HashSet<>();
		passages().forEach((passage) -> this.allowed.stream()
			.filter((exception) -> exception.appliesTo(passage))
			.forEach(needed::add));
		assertThat(needed).containsExactlyInAnyOrderElementsOf(this.allowed);
		assertThat(this.allowed).allSatisfy((exception) -> assertThat(exception.reason()).isNotBlank());
	}

	private Stream<String> findings(Passage passage) {
		String text = passage.text();
		for (Allowed exception : this.allowed) {
			text = exception.removeFrom(passage.file(), text);
		}
		String remaining = text;
		return this.replaced.entrySet().stream().flatMap((term) -> {
			Matcher match = term.getValue().matcher(remaining);
			return match.find() ? Stream.of("'" + match.group() + "' instead of '" + term.getKey() + "' in " + passage)
					: Stream.empty();
		});
	}

	private static Stream<Passage> passages() {
		return Stream
			.of(Sources.mainJava().stream().map(JavaText::of), Sources.markdown().stream().map(MarkdownText::lines),
					Sources.resources().stream().filter((file) -> !file.endsWith(".md")).map(ResourceText::of))
			.flatMap((texts) -> texts)
			.flatMap(List::stream);
	}

	private static Stream<String[]> rows(String file) {
		return Sources.read(DIRECTORY + file)
			.lines()
			.filter((line) -> !line.isBlank() && !line.startsWith("#"))
			.map((line) -> line.split("\\s*\\|\\|\\s*"));
	}

	/**
	 * An exception.
	 *
	 * @param phrase the phrase that is allowed
	 * @param files the paths of the files in which it is allowed
	 * @param reason the reason
	 */
	private record Allowed(Pattern phrase, Pattern files, String reason) {

		static Allowed of(String[] row) {
			return new Allowed(Pattern.compile("\\b(" + row[0] + ")\\b", Pattern.CASE_INSENSITIVE),
					Pattern.compile(row[1]), row[2]);
		}

		boolean appliesTo(Passage passage) {
			return this.files.matcher(passage.file()).find() && this.phrase.matcher(passage.text()).find();
		}

		String removeFrom(String file, String text) {
			return this.files.matcher(file).find() ? this.phrase.matcher(text).replaceAll("X") : text;
		}

	}

}
