package dev.servicepool.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.http.client.autoconfigure.HttpClientSettingsProperties;

/**
 * Configuration properties for the clients of HTTP pools. They are separate from
 * {@link PoolProperties} because Boot's HTTP clients are optional.
 */
@ConfigurationProperties("pool")
public class HttpPoolProperties {

	/**
	 * Properties of single pools, by pool name, ignoring case and dashes.
	 */
	private final Map<String, Instance> instances = new LinkedHashMap<>();

	public Map<String, Instance> getInstances() {
		return this.instances;
	}

	/**
	 * Properties of a single pool.
	 */
	public static class Instance {

		private final Client client = new Client();

		public Client getClient() {
			return this.client;
		}

	}

	/**
	 * Properties of the clients of a single pool.
	 */
	public static class Client extends HttpClientSettingsProperties {

		/**
		 * Highest HTTP version to use. Only the JDK's HTTP client supports this property.
		 */
		private @Nullable HttpVersion httpVersion;

		public @Nullable HttpVersion getHttpVersion() {
			return this.httpVersion;
		}

		public void setHttpVersion(@Nullable HttpVersion httpVersion) {
			this.httpVersion = httpVersion;
		}

	}

}
