package dev.servicepool.spring.autoconfigure;

import java.util.regex.Pattern;

/**
 * Configured text of an address, in a form that can be shown.
 */
final class MaskedText {

	/**
	 * Matches a possible user name and password. If in doubt, matches more text.
	 */
	private static final Pattern USER_INFO = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", Pattern.DOTALL);

	/** Matches a query or fragment, which may contain a token. */
	private static final Pattern QUERY = Pattern.compile("([?#]).+", Pattern.DOTALL);

	private MaskedText() {
	}

	/**
	 * Return a text without the parts that could be a secret.
	 * @param text the configured text
	 */
	static String of(String text) {
		return QUERY.matcher(USER_INFO.matcher(text).replaceFirst("$1***@")).replaceFirst("$1***");
	}

}
