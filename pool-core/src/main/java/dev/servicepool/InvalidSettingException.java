package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * Exception for a setting with an invalid value.
 */
public final class InvalidSettingException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String setting;

	private final String value;

	private final String constraint;

	/**
	 * Create an exception with a message such as
	 * {@code maxServices must be at least 1 but was 0}.
	 * @param setting the name of the setting, as the builder spells it
	 * @param value the invalid value
	 * @param constraint the constraint that the value violates, such as
	 * {@code must be at least 1}
	 */
	public InvalidSettingException(String setting, @Nullable Object value, String constraint) {
		super(setting + " " + constraint + " but was " + value);
		this.setting = setting;
		this.value = String.valueOf(value);
		this.constraint = constraint;
	}

	/**
	 * Return the name of the setting, as the builder spells it.
	 * @return the name, such as {@code maxServices}
	 */
	public String setting() {
		return this.setting;
	}

	/**
	 * Return the invalid value.
	 * @return the value as text
	 */
	public String value() {
		return this.value;
	}

	/**
	 * Return the constraint that the value violates.
	 * @return a clause such as {@code must be at least 1}
	 */
	public String constraint() {
		return this.constraint;
	}

}
