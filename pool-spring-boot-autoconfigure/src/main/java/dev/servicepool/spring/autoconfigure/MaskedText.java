package dev.servicepool.spring.autoconfigure;

import java.util.regex.Pattern;

/**
 * Text that is configured as an address, as it may be shown.
 */
final class MaskedText {

	/** What may stand for a user and a password, rather too much than too little. */
	private static final Pattern USER_INFO = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", Pattern.DOTALL);

	/** What may hold a token. */
	private static final Pattern QUERY = Pattern.compile("([?#]).+", Pattern.DOTALL);

	private MaskedText() {
	}

	/**
	 * Return a text without what could be a password.
	 * @param text what is configured
	 */
	static String of(String text) {
		return QUERY.matcher(USER_INFO.matcher(text).replaceFirst("$1***@")).replaceFirst("$1***");
	}

}
