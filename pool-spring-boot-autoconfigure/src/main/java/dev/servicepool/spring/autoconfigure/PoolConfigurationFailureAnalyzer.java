package dev.servicepool.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains a {@link PoolConfigurationException}. It runs before the analyzer of the
 * exception's cause, because that analyzer knows less.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PoolConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<PoolConfigurationException> {

	private final Environment environment;

	PoolConfigurationFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, PoolConfigurationException cause) {
		String origin = (cause.key() != null) ? origin(cause.key()) : null;
		return new FailureAnalysis(cause.problem() + "." + ((origin != null) ? "\n\n    Origin: " + origin : ""),
				cause.remedy() + ".", cause);
	}

	private @Nullable String origin(String key) {
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			Origin origin = Origin.from(property(source, name));
			if (origin != null) {
				return origin.toString();
			}
		}
		return null;
	}

	/** Return the property or the first one below it, such as an element of a list. */
	private static @Nullable ConfigurationProperty property(ConfigurationPropertySource source,
			ConfigurationPropertyName name) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return (property == null && source instanceof IterableConfigurationPropertySource names) ? names.stream()
			.filter(name::isAncestorOf)
			.map(source::getConfigurationProperty)
			.findFirst()
			.orElse(null) : property;
	}

}
