package dev.servicepool.spring.autoconfigure;

import java.util.Locale;

/**
 * Name of a pool, in the spelling of one source. Names are equal if their letters and
 * digits are equal, ignoring case. Properties and environment variables cannot spell
 * every name, so that {@code ORDERSCLIENT}, {@code orders-client} and
 * {@code ordersClient} are the same name.
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
	 * Return the name in its original spelling.
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
