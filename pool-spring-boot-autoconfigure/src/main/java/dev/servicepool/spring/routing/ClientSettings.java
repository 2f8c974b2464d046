package dev.servicepool.spring.routing;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.util.ReflectionUtils;

/**
 * Comparison of {@link HttpClientSettings} by the names of their properties.
 */
final class ClientSettings {

	/** Property that the HTTP client can apply to single requests. */
	static final String READ_TIMEOUT = "read-timeout";

	/** Setting for which there is no property. */
	static final String ADDRESS_FILTER = "inet-address-filter";

	private ClientSettings() {
	}

	/**
	 * Return the names of the properties whose values differ, as
	 * {@code pool.instances.NAME.client} spells them.
	 */
	static List<String> differences(HttpClientSettings settings, HttpClientSettings others) {
		List<String> names = new ArrayList<>();
		for (RecordComponent component : HttpClientSettings.class.getRecordComponents()) {
			if (!Objects.equals(value(component, settings), value(component, others))) {
				names.add(property(component.getName()));
			}
		}
		return names;
	}

	private static @Nullable Object value(RecordComponent component, HttpClientSettings settings) {
		Object value = ReflectionUtils.invokeMethod(component.getAccessor(), settings);
		// All clients that can follow redirects do so by default.
		return (value == HttpRedirects.FOLLOW || value == HttpRedirects.FOLLOW_WHEN_POSSIBLE) ? null : value;
	}

	private static String property(String component) {
		return component.equals("sslBundle") ? "ssl.bundle" : DataObjectPropertyName.toDashedForm(component);
	}

}
