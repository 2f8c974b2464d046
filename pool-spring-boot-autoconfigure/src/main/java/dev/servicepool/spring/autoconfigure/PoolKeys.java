package dev.servicepool.spring.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.servicepool.InvalidSettingException;
import dev.servicepool.spring.options.PoolOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * Keys of the properties of one pool, which describe invalid values.
 *
 * @param pool the name of the pool
 * @param common the properties of all pools
 * @param own the layers that are configured for this pool only
 */
record PoolKeys(String pool, PoolOptions common, List<? extends PoolOptions> own) {

	/**
	 * Matches the name of a setting as the builder spells it, such as
	 * {@code maxServices}.
	 */
	private static final Pattern SETTING = Pattern.compile("[a-z]+(?:[A-Z][a-z]+)+");

	/**
	 * Return the key of the property that sets an option, or that could set it.
	 * @param option the name of the option, as the builder spells it
	 */
	String key(String option) {
		String prefix = (isSet(this.common, option) && !isSet(option)) ? "pool." : "pool.instances." + this.pool + ".";
		return prefix + DataObjectPropertyName.toDashedForm(option);
	}

	/**
	 * Return whether an option is set for this pool only.
	 * @param option the name of the option, as the builder spells it
	 */
	boolean isSet(String option) {
		return this.own.stream().anyMatch((layer) -> isSet(layer, option));
	}

	private static boolean isSet(PoolOptions layer, String option) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(layer);
		return properties.isReadableProperty(option) && properties.getPropertyValue(option) != null;
	}

	/**
	 * Describe a setting that the builder rejects, using the key of its property.
	 */
	PoolConfigurationException explain(InvalidSettingException ex) {
		boolean set = isSet(this.common, ex.setting()) || isSet(ex.setting());
		return invalid(ex.setting(), "is " + ex.value() + (set ? "" : " by default"), "it " + dashed(ex.constraint()),
				ex);
	}

	/** Spell the settings that a constraint names as YAML does. */
	private static String dashed(String constraint) {
		return SETTING.matcher(constraint).replaceAll((name) -> DataObjectPropertyName.toDashedForm(name.group()));
	}

	/**
	 * Describe an invalid value of an option.
	 * @param option the name of the option, as the builder spells it
	 * @param problem the value, as the end of a sentence
	 * @param remedy the remedy, as the end of a sentence
	 * @param cause the cause, if there is one
	 */
	PoolConfigurationException invalid(String option, String problem, String remedy, @Nullable Exception cause) {
		return PoolConfigurationException.invalid(this.pool, key(option), problem, remedy, cause);
	}

	/**
	 * Check configured status codes.
	 * @param option the name of the option, as the builder spells it
	 * @param lowest the lowest status code that is allowed
	 * @throws PoolConfigurationException if a status code is not from {@code lowest} to
	 * 599
	 */
	Set<Integer> requireStatuses(String option, Set<@Nullable Integer> statuses, int lowest) {
		for (Integer status : statuses) {
			if (status == null || status < lowest || status > 599) {
				throw invalid(option, "contains " + ((status != null) ? status : "an empty value"),
						"each status must be from " + lowest + " to 599", null);
			}
		}
		return statuses;
	}

}
