package dev.servicepool.spring.language;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.servicepool.spring.language.Passage.Kind;

/**
 * The language of a Java source file: its comments, strings, and identifiers.
 */
final class JavaText {

	private static final Pattern TOKEN = Pattern.compile("(?<comment>/\\*.*?\\*/|//[^\\n]*)"
			+ "|(?<string>\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\")|'(?:\\\\.|[^'\\\\])'|(?<identifier>[A-Za-z_]\\w*)",
			Pattern.DOTALL);

	private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])");

	private JavaText() {
	}

	static List<Passage> of(String file) {
		String source = Sources.read(file);
		List<Passage> passages = new ArrayList<>();
		Matcher token = TOKEN.matcher(source);
		int line = 1;
		int counted = 0;
		while (token.find()) {
			line += newLines(source, counted, token.start());
			counted = token.start();
			if (token.group("comment") != null) {
				passages.add(new Passage(file, line, Kind.COMMENT, comment(token.group())));
			}
			else if (token.group("string") != null) {
				passages.add(new Passage(file, line, Kind.STRING, token.group()));
			}
			else if (token.group("identifier") != null) {
				passages.add(new Passage(file, line, Kind.IDENTIFIER, words(token.group())));
			}
		}
		return passages;
	}

	private static int newLines(String source, int start, int end) {
		return (int) source.substring(start, end).chars().filter((character) -> character == '\n').count();
	}

	/** Remove the markup of a comment, and what it quotes as code. */
	private static String comment(String comment) {
		return comment.replaceAll("(?m)^\\s*\\*+/?|/\\*+|\\*+/|//", " ")
			.replaceAll("(?s)<pre.*?</pre>", " ")
			.replaceAll("\\{@\\w+\\s[^}]*}|`[^`]*`|<[^>]*>", "CODE")
			.replaceAll("@(param|throws|see)\\s+\\S+", " ")
			.replaceAll("\\s+", " ");
	}

	private static String words(String identifier) {
		return String.join(" ", WORD.matcher(identifier).results().map(MatchResult::group).toList());
	}

}
