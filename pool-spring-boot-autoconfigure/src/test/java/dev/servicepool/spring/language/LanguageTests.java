package dev.servicepool.spring.language;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.servicepool.spring.autoconfigure.PoolProperties;
import dev.servicepool.spring.language.Passage.Kind;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the project reads like Spring's reference documentation: plain words, short
 * sentences, and descriptions and messages of one form.
 */
class LanguageTests {

	private static final int LONG_SENTENCE = 25;

	private static final int LONGEST_SENTENCE = 35;

	/** The share of sentences that may be long. */
	private static final double LONG_SHARE = 0.05;

	private static final int LONGEST_TEST_NAME = 60;

	/** Phrases that a reader who is not a native speaker has to read twice. */
	private static final Pattern UNUSUAL = Pattern.compile("\\b(in vain|for ?ever|again and again|so many|as good as"
			+ "|dear|heed(s|ed|ing)?|mend(s|ed|ing)?|nobody|of itself|but for|in the clear|a long way|by turns)\\b"
			+ "|(?<!\\b(?:not|no|nothing)\\b.{0,80})\\byet\\b|\\bsuch\\b(?=[.,;:)]|$)", Pattern.CASE_INSENSITIVE);

	private static final Pattern BRITISH = Pattern.compile(
			"\\b(licences?|behaviours?|favour\\w*|colours?|honours?|catalogues?|whilst|cancelled|cancelling"
					+ "|(organi|recogni|initiali|seriali|minimi|optimi|customi|synchroni)s(e|es|ed|ing|ation))\\b",
			Pattern.CASE_INSENSITIVE);

	/** A call of a logger, up to the end of the statement. */
	private static final Pattern LOG_CALL = Pattern
		.compile("\\blogger\\s*\\.(log|trace|debug|info|warn|error)\\((?<arguments>.*?)\\);", Pattern.DOTALL);

	private static final Pattern FIRST_STRING = Pattern.compile("\"((?:\\\\.|[^\"\\\\])*)\"");

	@Test
	void noUnusualPhrases() {
		List<Passage> found = new ArrayList<>();
		Stream
			.of(Sources.markdown().stream().map(MarkdownText::lines),
					Stream.of(Sources.mainJava(), Sources.testJava()).flatMap(List::stream).map(JavaText::of),
					Sources.resources().stream().map(ResourceText::of))
			.flatMap((texts) -> texts)
			.flatMap(List::stream)
			.filter((passage) -> passage.kind() != Kind.IDENTIFIER && !isThisPackage(passage))
			.filter((passage) -> UNUSUAL.matcher(passage.text()).find() || BRITISH.matcher(passage.text()).find())
			.forEach(found::add);
		assertThat(found).isEmpty();
	}

	@Test
	void oneSentencePerLine() {
		assertThat(markdown().filter((line) -> !MarkdownText.isHeading(line) && !MarkdownText.isTableRow(line))
			.filter((line) -> MarkdownText.sentences(line).size() > 1
					|| (!MarkdownText.isListItem(line) && !line.text().strip().matches("(?s).*[.!?:][)\"]*"))))
			.isEmpty();
	}

	@Test
	void shortSentences() {
		List<String> sentences = markdown().filter((line) -> !MarkdownText.isHeading(line))
			.flatMap((line) -> MarkdownText.sentences(line).stream())
			.toList();
		assertThat(sentences).hasSizeGreaterThan(1000)
			.allSatisfy((sentence) -> assertThat(MarkdownText.words(sentence)).as(sentence)
				.isLessThanOrEqualTo(LONGEST_SENTENCE));
		assertThat(sentences.stream().filter((sentence) -> MarkdownText.words(sentence) > LONG_SENTENCE))
			.hasSizeLessThanOrEqualTo((int) (LONG_SHARE * sentences.size()));
	}

	@Test
	void shortTestNames() {
		Pattern testName = Pattern.compile("@(?:Test|ParameterizedTest|RepeatedTest)\\b.*?\\bvoid (\\w+)\\(",
				Pattern.DOTALL);
		assertThat(Sources.testJava()
			.stream()
			.flatMap((file) -> testName.matcher(Sources.read(file))
				.results()
				.map((test) -> test.group(1))
				.filter((name) -> name.length() > LONGEST_TEST_NAME)
				.map((name) -> file + ": " + name)))
			.isEmpty();
	}

	@Test
	void propertyDescriptionsFollowTheRulesOfBoot() throws IOException {
		try (InputStream metadata = PoolProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			for (JsonNode property : JsonMapper.shared().readTree(metadata).get("properties")) {
				String name = property.get("name").stringValue();
				String type = property.path("type").stringValue("");
				assertThat(property.path("description").stringValue("")).as(name)
					.matches("(?!The |A |An |This )[A-Z].*\\.")
					.doesNotContainPattern("\\b[Dd]efaults? (is|to)\\b|[Bb]y default");
				if (type.equals("java.lang.Boolean")) {
					assertThat(property.get("description").stringValue()).as(name).matches("(Whether|Enable) .*");
				}
				if (type.matches("java\\.util\\.(List|Set)<.*")) {
					assertThat(property.get("description").stringValue()).as(name)
						.startsWith("Comma-separated list of ");
				}
			}
		}
	}

	@Test
	void logMessagesNameTheirPool() {
		assertThat(Sources.mainJava()
			.stream()
			.filter((file) -> file.startsWith("pool-"))
			.flatMap((file) -> LOG_CALL.matcher(Sources.read(file))
				.results()
				.filter((call) -> !namesPool(call))
				.map((call) -> file + ": " + call.group().replaceAll("\\s+", " "))))
			.isEmpty();
	}

	/**
	 * A message about properties concerns all pools. A message without a literal is built
	 * by a method that other tests check.
	 */
	private static boolean namesPool(MatchResult call) {
		return FIRST_STRING.matcher(call.group())
			.results()
			.findFirst()
			.map((literal) -> literal.group(1).startsWith("Pool '") || literal.group(1).startsWith("Pool ''")
					|| literal.group(1).startsWith("Pool properties "))
			.orElse(true);
	}

	private static Stream<Passage> markdown() {
		return Sources.markdown().stream().flatMap((file) -> MarkdownText.lines(file).stream());
	}

	/** These tests quote what they search for. */
	static boolean isThisPackage(Passage passage) {
		return passage.file().contains("/dev/servicepool/spring/language/");
	}

}
