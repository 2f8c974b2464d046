package dev.servicepool.spring.routing;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientSettingsPropertyMapper;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.web.service.registry.HttpServiceProxyRegistry;

/**
 * Name of an HTTP client in a log message: its HTTP service group, or the method of the
 * application that builds the client.
 */
final class ClientName {

	private static final List<String> LIBRARIES = List.of("java.", "org.springframework.",
			ClientName.class.getName() + ".", ClientRouting.class.getName() + ".",
			RoutingRequestFactoryBuilder.class.getName() + ".");

	private final HttpClientSettings settings;

	private final HttpClientSettings defaults;

	private final @Nullable String method;

	/**
	 * Create a name. The constructor must be called by the thread that builds the client.
	 * @param settings the settings of the client
	 * @param defaults the settings of the application
	 */
	ClientName(HttpClientSettings settings, HttpClientSettings defaults) {
		this.settings = settings;
		this.defaults = defaults;
		this.method = StackWalker.getInstance().walk(ClientName::method);
	}

	/**
	 * Find the method of the application below the frames of the libraries. The frames of
	 * the bean factory are the limit, because it calls the methods that define beans.
	 */
	private static @Nullable String method(Stream<StackWalker.StackFrame> frames) {
		return frames.map((frame) -> frame.getClassName() + "." + frame.getMethodName())
			.takeWhile((frame) -> !frame.startsWith("org.springframework.beans.factory."))
			.filter((frame) -> LIBRARIES.stream().noneMatch(frame::startsWith))
			.findFirst()
			.orElse(null);
	}

	/** Return the name, which may be that of several groups with the same settings. */
	String in(BeanFactory beanFactory) {
		if (this.method != null) {
			return "the client that " + this.method + " builds";
		}
		List<String> groups = groups(beanFactory);
		return groups.isEmpty() ? "a client"
				: "the client of HTTP service group '" + String.join("' or '", groups) + "'";
	}

	private List<String> groups(BeanFactory beanFactory) {
		HttpServiceClientProperties properties = beanFactory.getBeanProvider(HttpServiceClientProperties.class)
			.getIfAvailable();
		if (properties == null) {
			return List.of();
		}
		HttpClientSettingsPropertyMapper mapper = new HttpClientSettingsPropertyMapper(
				beanFactory.getBeanProvider(SslBundles.class).getIfAvailable(), this.defaults);
		return beanFactory.getBeanProvider(HttpServiceProxyRegistry.class)
			.stream()
			.flatMap((registry) -> registry.getGroupNames().stream())
			.filter((group) -> this.settings.equals(mapper.map(properties.get(group))))
			.toList();
	}

}
