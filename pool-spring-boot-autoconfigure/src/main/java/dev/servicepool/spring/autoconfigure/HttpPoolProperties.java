package dev.servicepool.spring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.servicepool.spring.http.client.Connections;
import dev.servicepool.spring.http.client.HttpVersion;
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
		 * Highest HTTP version to use. Only the HTTP clients of the JDK and of Jetty
		 * support this property, the latter with jetty-http2-client-transport.
		 */
		private @Nullable HttpVersion httpVersion;

		/**
		 * Connections of each HTTP client: its own, as many as it needs, or those that
		 * the application configures.
		 */
		private @Nullable Connections connections;

		public @Nullable HttpVersion getHttpVersion() {
			return this.httpVersion;
		}

		public void setHttpVersion(@Nullable HttpVersion httpVersion) {
			this.httpVersion = httpVersion;
		}

		public @Nullable Connections getConnections() {
			return this.connections;
		}

		public void setConnections(@Nullable Connections connections) {
			this.connections = connections;
		}

	}

}
