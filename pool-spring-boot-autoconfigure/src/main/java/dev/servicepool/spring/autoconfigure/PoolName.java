package dev.servicepool.spring.autoconfigure;

import java.util.Locale;

/**
 * The name of a pool as it is written somewhere. Two names are equal if their letters and
 * digits are, ignoring case: properties and environment variables cannot spell every
 * name, so {@code ORDERSCLIENT}, {@code orders-client} and {@code ordersClient} are one.
 */
final class PoolName {

	private final String text;

	private final String letters;

	private PoolName(String text, String letters) {
		this.text = text;
		this.letters = letters;
	}

	static PoolName of(String text) {
		StringBuilder letters = new StringBuilder();
		text.toLowerCase(Locale.ROOT).codePoints().filter(Character::isLetterOrDigit).forEach(letters::appendCodePoint);
		return new PoolName(text, (!letters.isEmpty()) ? letters.toString() : text);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof PoolName name && name.letters.equals(this.letters);
	}

	@Override
	public int hashCode() {
		return this.letters.hashCode();
	}

	/**
	 * Return the name as it was written.
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
