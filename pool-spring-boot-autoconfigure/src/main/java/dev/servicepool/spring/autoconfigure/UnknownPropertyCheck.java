package dev.servicepool.spring.autoconfigure;

import java.util.Map;
import java.util.TreeMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Reports properties under {@code pool} that have no effect. A property that is probably
 * misspelled fails the startup. System properties and environment variables are exempt,
 * because others may have set them: for a service named {@code pool}, Kubernetes sets
 * {@code POOL_PORT}.
 */
final class UnknownPropertyCheck {

	private static final Log logger = LogFactory.getLog(UnknownPropertyCheck.class);

	private static final ConfigurationPropertyName POOL = ConfigurationPropertyName.of("pool");

	private final Environment environment;

	UnknownPropertyCheck(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Report all unknown properties.
	 * @throws PoolConfigurationException if a property is probably misspelled
	 */
	void run() {
		Map<String, String> unknown = new TreeMap<>();
		UnboundElementsSourceFilter filter = new UnboundElementsSourceFilter();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource names && filter.apply(source)) {
				names.stream()
					.filter((name) -> POOL.isAncestorOf(name) && !PropertyKeys.get().isKnown(name))
					.forEach((name) -> unknown.put(name.toString(),
							report(name, source.getConfigurationProperty(name))));
			}
		}
		if (!unknown.isEmpty()) {
			logger.warn("Pool properties that have no effect: " + String.join(", ", unknown.values())
					+ ". Remove them, or move them out of 'pool' if another library reads them.");
		}
	}

	private String report(ConfigurationPropertyName name, @Nullable ConfigurationProperty property) {
		String similar = PropertyKeys.get().similar(name);
		if (similar != null) {
			throw PoolConfigurationException.misspelled(name.toString(), similar, property);
		}
		return "'" + name + "'"
				+ ((property != null && property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "");
	}

}
