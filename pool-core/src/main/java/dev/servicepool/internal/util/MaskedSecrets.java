package dev.servicepool.internal.util;

import java.util.regex.Pattern;

/**
 * Text of an exception without the parts that are probably secrets. Events, messages and
 * health details quote exceptions, whose texts often contain a URI or a header. A server
 * may determine the text, so that the time of each pattern is linear in its length.
 */
public final class MaskedSecrets {

	private static final String MASK = "***";

	/** Matches the user info of a URI. */
	private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/\\s@]++(?=@)");

	/**
	 * Matches the query and fragment of a URI. The search stops where another URI begins.
	 */
	private static final Pattern QUERY = Pattern.compile("(://(?:(?!://)[^\\s?#\"'<>])*+[?#])[^\\s\"'<>]++");

	/** Matches the credentials of an {@code Authorization} header. */
	private static final Pattern CREDENTIALS = Pattern.compile("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]+");

	/**
	 * Matches the value that is assigned to a secret, as in {@code token=abc}. A value in
	 * quotes may have lost its end.
	 */
	private static final Pattern ASSIGNMENT = Pattern.compile(
			"(?i)((?:password|passwd|secret|token|api[_-]?key|credential)s?\"?\\s*[=:]\\s*)(\"[^\"]*+\"?|[^\\s,;&)\"]++)");

	private MaskedSecrets() {
	}

	/** Return a text without the parts that are probably secrets. */
	public static String in(String text) {
		String masked = USER_INFO.matcher(text).replaceAll(MASK);
		masked = QUERY.matcher(masked).replaceAll("$1" + MASK);
		masked = CREDENTIALS.matcher(masked).replaceAll("$1 " + MASK);
		return ASSIGNMENT.matcher(masked).replaceAll("$1" + MASK);
	}

}
