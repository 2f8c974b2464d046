package dev.servicepool.spring.autoconfigure;

import java.beans.PropertyDescriptor;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Keys of the properties under {@code pool}. Keys are compared in Boot's uniform form,
 * without dashes and in lower case.
 */
final class PropertyKeys {

	private static final SingletonSupplier<PropertyKeys> instance = SingletonSupplier.of(PropertyKeys::new);

	private static final ConfigurationPropertyName POOL = ConfigurationPropertyName.of("pool");

	private static final String INSTANCES = "instances";

	/** Maximum number of edits between a key and the key that was probably meant. */
	private static final int MAX_EDITS = 2;

	/** Keys of the properties of all pools, by their uniform forms. */
	private final Map<String, String> common = new TreeMap<>();

	/** Keys of the properties of a single pool, by their uniform forms. */
	private final Map<String, String> single = new TreeMap<>();

	/** Whether the keys of HTTP clients are known, which depends on the class path. */
	private final boolean clients = ClassUtils.isPresent(
			"org.springframework.boot.http.client.autoconfigure.HttpClientSettingsProperties",
			PropertyKeys.class.getClassLoader());

	private PropertyKeys() {
		add("", PoolProperties.class, this.common);
		add("", PoolProperties.Instance.class, this.single);
		if (this.clients) {
			add("", HttpPoolProperties.Instance.class, this.single);
		}
	}

	/** Return the keys, which are collected once. */
	static PropertyKeys get() {
		return instance.obtain();
	}

	private static void add(String prefix, Class<?> type, Map<String, String> keys) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			Class<?> value = property.getPropertyType();
			String key = prefix + DataObjectPropertyName.toDashedForm(property.getName());
			if (value == Duration.class || BeanUtils.isSimpleProperty(value)
					|| Collection.class.isAssignableFrom(value)) {
				if (property.getWriteMethod() != null) {
					keys.put(uniform(key), key);
				}
			}
			else if (!Map.class.isAssignableFrom(value)) {
				add(key + ".", value, keys);
			}
		}
	}

	/**
	 * Return whether a property can be bound.
	 * @param name the name of a property below {@code pool}
	 */
	boolean isKnown(ConfigurationPropertyName name) {
		String key = key(name);
		if (!isInstance(name)) {
			return this.common.containsKey(key);
		}
		return this.single.containsKey(key) || (!this.clients && key.startsWith("client."));
	}

	/**
	 * Return the key that was probably meant instead of an unknown one.
	 * @param name the name of the unknown property
	 * @return the key in its canonical form, or {@code null} if no key is similar
	 */
	@Nullable String similar(ConfigurationPropertyName name) {
		if (isInstance(name)) {
			return similar(key(name), "pool.instances." + original(name, 2) + ".", this.single);
		}
		String similar = similar(key(name), "pool.", this.common);
		boolean misspelled = name.getNumberOfElements() > 3
				&& edits(name.getElement(1, Form.UNIFORM), INSTANCES) <= MAX_EDITS;
		return (similar == null && misspelled) ? "pool.instances." + original(name, 2) + "." + original(name, 3)
				: similar;
	}

	private static @Nullable String similar(String key, String prefix, Map<String, String> keys) {
		String best = null;
		int fewest = MAX_EDITS + 1;
		for (Map.Entry<String, String> known : keys.entrySet()) {
			int edits = edits(key, known.getKey());
			if (edits < fewest) {
				fewest = edits;
				best = prefix + known.getValue();
			}
		}
		return best;
	}

	/**
	 * Find a property of the clients of a pool. It is not bound, because Boot's HTTP
	 * clients may be absent.
	 * @return the key below that of the pool, or {@code null} if no property is set
	 */
	static @Nullable String clientProperty(Environment environment, String pool) {
		PoolName wanted = PoolName.of(pool);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource names) {
				for (ConfigurationPropertyName name : names) {
					if (POOL.isAncestorOf(name) && isInstance(name) && PoolName.of(original(name, 2)).equals(wanted)
							&& name.getElement(3, Form.UNIFORM).equals("client")) {
						return name.subName(3).toString();
					}
				}
			}
		}
		return null;
	}

	private static boolean isInstance(ConfigurationPropertyName name) {
		return name.getNumberOfElements() > 3 && name.getElement(1, Form.UNIFORM).equals(INSTANCES);
	}

	private static String original(ConfigurationPropertyName name, int element) {
		return name.getElement(element, Form.ORIGINAL);
	}

	/** Return the uniform form of the key, without the prefix and without indices. */
	private static String key(ConfigurationPropertyName name) {
		StringBuilder key = new StringBuilder();
		for (int i = isInstance(name) ? 3 : 1; i < name.getNumberOfElements(); i++) {
			if (!name.isNumericIndex(i)) {
				key.append(key.isEmpty() ? "" : ".").append(name.getElement(i, Form.UNIFORM));
			}
		}
		return key.toString();
	}

	private static String uniform(String key) {
		return key.replace("-", "");
	}

	/**
	 * Return the number of insertions, deletions, and replacements between two texts
	 * (Levenshtein distance).
	 */
	private static int edits(String from, String to) {
		int[] row = new int[to.length() + 1];
		for (int j = 0; j <= to.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= from.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int replaced = diagonal + ((from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], row[j]));
			}
		}
		return row[to.length()];
	}

}
