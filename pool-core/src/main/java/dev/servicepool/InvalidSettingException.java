package dev.servicepool;

import org.jspecify.annotations.Nullable;

/**
 * A setting of a pool has a value that it cannot have.
 */
public final class InvalidSettingException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String setting;

	private final String value;

	private final String remedy;

	InvalidSettingException(String setting, @Nullable Object value, String remedy) {
		super(setting + " is " + value + "; " + remedy);
		this.setting = setting;
		this.value = String.valueOf(value);
		this.remedy = remedy;
	}

	/**
	 * Return the name of the setting, as the builder spells it.
	 * @return such as {@code maxServices}
	 */
	public String setting() {
		return this.setting;
	}

	/**
	 * Return the value that was refused.
	 * @return the value as text
	 */
	public String value() {
		return this.value;
	}

	/**
	 * Return what to do about it.
	 * @return a clause such as "it must be at least 1"
	 */
	public String remedy() {
		return this.remedy;
	}

}
