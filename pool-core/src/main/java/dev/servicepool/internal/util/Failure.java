package dev.servicepool.internal.util;

import java.util.regex.Pattern;

/**
 * Failure with its description. The description is created before the lock is acquired,
 * because {@code toString()} of an exception is user code.
 *
 * @param cause the exception
 * @param text the description of the exception, on one line of limited length, without
 * probable secrets
 */
public record Failure(Throwable cause, String text) {

	/**
	 * Maximum length of a description, because events keep it and servers may determine
	 * it.
	 */
	static final int MAX_LENGTH = 1000;

	private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

	public static Failure of(Throwable cause) {
		String text = CONTROLS.matcher(MaskedSecrets.in(describe(cause))).replaceAll(" ");
		return new Failure(cause, (text.length() <= MAX_LENGTH) ? text : text.substring(0, MAX_LENGTH) + "...");
	}

	/**
	 * Return the string representation of an object, or its class name if
	 * {@code toString()} fails.
	 */
	public static String describe(Object object) {
		try {
			return String.valueOf(object);
		}
		catch (Throwable ex) {
			return object.getClass().getName();
		}
	}

	@Override
	public String toString() {
		return this.text;
	}

}
