package dev.servicepool.internal.util;

/**
 * Failure with its description. The description is created before the lock is acquired,
 * because {@code toString()} of an exception is user code.
 *
 * @param cause the exception
 * @param text the description of the exception, without probable secrets
 */
public record Failure(Throwable cause, String text) {

	public static Failure of(Throwable cause) {
		return new Failure(cause, MaskedSecrets.in(describe(cause)));
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
