package dev.servicepool.spring.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;

/**
 * Ignores a pool that only environment variables and system properties name, none of
 * which is a property of a pool. Without it, the variables that Kubernetes sets for a
 * service named {@code pool-instances} would configure the pools {@code port} and
 * {@code service}.
 */
final class ForeignVariablesBindHandler extends AbstractBindHandler {

	private static final ConfigurationPropertyName INSTANCES = ConfigurationPropertyName.of("pool.instances");

	private static final UnboundElementsSourceFilter filter = new UnboundElementsSourceFilter();

	ForeignVariablesBindHandler(BindHandler parent) {
		super(parent);
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		return (INSTANCES.isParentOf(name) && isForeign(name, context)) ? null : super.onStart(name, target, context);
	}

	private boolean isForeign(ConfigurationPropertyName pool, BindContext context) {
		boolean named = false;
		for (ConfigurationPropertySource source : context.getSources()) {
			if (source instanceof IterableConfigurationPropertySource names) {
				for (ConfigurationPropertyName name : names) {
					if (pool.equals(name) || pool.isAncestorOf(name)) {
						if (filter.apply(source) || PropertyKeys.get().isKnown(name)) {
							return false;
						}
						named = true;
					}
				}
			}
		}
		return named;
	}

}
