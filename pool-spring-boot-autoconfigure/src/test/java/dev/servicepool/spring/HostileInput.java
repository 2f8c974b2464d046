package dev.servicepool.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random input that an attacker could send: parts of valid input in any order, mixed with
 * characters that parsers often treat wrongly.
 */
public final class HostileInput {

	private static final List<String> ANY = List.of("", " ", "\t", "\r\n", "\0", "\u007f", "%", "%00", "%0d%0a", "%zz",
			"/", "//", "..", "\\", ":", "://", "@", "?", "#", "[", "]", "{", "}", "(", "$", "${x}", "${", "#{1}", "'",
			"\"", "<", ">", ",", ";", "=", "&", "*", "|", "^", "-", "_", ".", "-1", "0", "1", "65536", "2147483648",
			"-9223372036854775808", "9223372036854775808", "1e309", "NaN", "0x7f", "\u00e4", "\u0130", "\u0661",
			"\u2028", "\u202e", "\ufeff", "\uffff", "\ud800", "\ud83d\ude00", "null", "true");

	private final Random random;

	/** The input that was generated since the last reset, for messages. */
	private final List<String> generated = new ArrayList<>();

	HostileInput(long seed) {
		this.random = new Random(seed);
	}

	/** Return a random text that contains some parts of valid input. */
	public String text(List<String> parts) {
		StringBuilder text = new StringBuilder();
		for (int i = 1 + this.random.nextInt(6); i > 0; i--) {
			int kind = this.random.nextInt(20);
			String part = (kind < 13) ? any(parts) : (kind < 18) ? any(ANY) : character();
			text.append((kind == 12) ? part.repeat(this.random.nextInt(200)) : part);
		}
		if (!text.isEmpty() && this.random.nextInt(4) == 0) {
			int index = this.random.nextInt(text.length());
			text.replace(index, index + 1, this.random.nextBoolean() ? "" : character());
		}
		this.generated.add(text.toString());
		return text.toString();
	}

	/** Return one of the elements, which are not changed. */
	public <T> T any(List<T> elements) {
		return elements.get(this.random.nextInt(elements.size()));
	}

	/** Return a number from 0 to {@code bound - 1}. */
	public int number(int bound) {
		return this.random.nextInt(bound);
	}

	/** Return random bytes, often with the same value. */
	public byte[] bytes(int length) {
		byte[] bytes = new byte[length];
		if (this.random.nextBoolean()) {
			this.random.nextBytes(bytes);
		}
		for (int i = this.random.nextInt(3); i > 0; i--) {
			bytes[this.random.nextInt(length)] = (byte) this.random.nextInt();
		}
		return bytes;
	}

	private String character() {
		return String.valueOf((char) this.random.nextInt(this.random.nextBoolean() ? 0x80 : 0x10000));
	}

	void reset() {
		this.generated.clear();
	}

	/** Return the generated texts, with escapes for all characters beyond ASCII. */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		String.join("\n", this.generated)
			.chars()
			.forEach(
					(c) -> text.append((c == '\n' || (c >= ' ' && c < 0x7f)) ? (char) c : String.format("\\u%04x", c)));
		return text.toString();
	}

}
