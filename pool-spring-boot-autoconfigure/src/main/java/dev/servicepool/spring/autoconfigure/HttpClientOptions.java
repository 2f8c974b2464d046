package dev.servicepool.spring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import dev.servicepool.spring.http.client.ClientAdapter;
import dev.servicepool.spring.http.client.Connections;
import dev.servicepool.spring.http.client.HttpVersion;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientSettingsPropertyMapper;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;

/**
 * Properties {@code pool.instances.NAME.client.*} of one pool, in layers.
 */
final class HttpClientOptions {

	private final String pool;

	private final Layers<HttpPoolProperties.Instance> layers;

	HttpClientOptions(String pool, HttpPoolProperties properties) {
		this.pool = pool;
		this.layers = Layers.of(pool, properties.getInstances());
	}

	/**
	 * Return the settings of the pool's clients.
	 * @param defaults the settings for everything that the pool does not configure
	 * @param bundles the SSL bundles; {@code null} if there are none
	 * @throws PoolConfigurationException if a value is invalid
	 */
	HttpClientSettings settings(HttpClientSettings defaults, @Nullable SslBundles bundles) {
		requireNotNegative("connect-timeout", value(HttpPoolProperties.Client::getConnectTimeout));
		requireNotNegative("read-timeout", value(HttpPoolProperties.Client::getReadTimeout));
		requireSslBundle(bundles);
		HttpClientSettings settings = defaults;
		for (HttpPoolProperties.Instance layer : this.layers.lowestFirst()) {
			settings = new HttpClientSettingsPropertyMapper(bundles, settings).map(layer.getClient());
		}
		return settings;
	}

	/**
	 * Check that the clients support the properties.
	 * @throws PoolConfigurationException if they do not
	 */
	void check(ClientAdapter adapter, ClientHttpRequestFactoryBuilder<?> builder) {
		if (!adapter.acceptsZeroConnectTimeout()
				&& Duration.ZERO.equals(value(HttpPoolProperties.Client::getConnectTimeout))) {
			throw PoolConfigurationException.invalid(this.pool, key("connect-timeout"), "is " + Duration.ZERO,
					"it must be greater than zero for the JDK's HTTP client", null);
		}
		HttpVersion version = httpVersion();
		if (version != null && !adapter.canSetHttpVersion()) {
			throw PoolConfigurationException.noHttpVersion(key("http-version"), version, builder.getClass());
		}
	}

	Connections connections() {
		Connections connections = value(HttpPoolProperties.Client::getConnections);
		return (connections != null) ? connections : Connections.OWN;
	}

	@Nullable HttpVersion httpVersion() {
		return value(HttpPoolProperties.Client::getHttpVersion);
	}

	private String key(String property) {
		return "pool.instances." + this.pool + ".client." + property;
	}

	/**
	 * Reject a negative timeout, because it would let each creation or each request fail.
	 */
	private void requireNotNegative(String property, @Nullable Duration timeout) {
		if (timeout != null && timeout.isNegative()) {
			throw PoolConfigurationException.invalid(this.pool, key(property), "is " + timeout,
					"it must not be negative", null);
		}
	}

	private void requireSslBundle(@Nullable SslBundles bundles) {
		String name = value((layer) -> layer.getSsl().getBundle());
		if (name == null) {
			return;
		}
		try {
			if (bundles != null) {
				bundles.getBundle(name);
				return;
			}
		}
		catch (NoSuchSslBundleException ex) {
			// Reported below, with the name of the property.
		}
		throw PoolConfigurationException.noSslBundle(key("ssl.bundle"), name,
				(bundles != null) ? bundles.getBundleNames() : List.of());
	}

	private <T> @Nullable T value(Function<HttpPoolProperties.Client, @Nullable T> property) {
		return this.layers.topmost((layer) -> property.apply(layer.getClient()));
	}

}
