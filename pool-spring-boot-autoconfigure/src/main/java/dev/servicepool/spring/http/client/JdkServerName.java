package dev.servicepool.spring.http.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;

/**
 * Gives the JDK clients of a pool the name of the server, although their requests contain
 * the address of a target. The name is used to request a certificate and to check it.
 */
final class JdkServerName {

	/** System property of the JDK's client, which Spring also reads. */
	static final String ALLOWED_HEADERS = "jdk.httpclient.allowRestrictedHeaders";

	/**
	 * Settings of the clients, including those of customizers. Taken from the first
	 * client, because the clients of a pool are built alike. Written by any thread that
	 * builds a client.
	 */
	private volatile @Nullable Settings settings;

	/**
	 * TLS settings of the clients.
	 *
	 * @param context the SSL context
	 * @param parameters the SSL parameters with the name of the server
	 */
	private record Settings(SSLContext context, SSLParameters parameters) {
	}

	/** Return whether the header {@code Host} of a request can be set. */
	static boolean canSetHost() {
		String allowed = System.getProperty(ALLOWED_HEADERS, "");
		if (Stream.of(allowed.split(",")).noneMatch("host"::equalsIgnoreCase)) {
			return false;
		}
		try {
			// The client reads the property only once.
			HttpRequest.newBuilder().header("Host", "localhost");
			return true;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/** Return the customizer of the client of a server. */
	Consumer<HttpClient.Builder> of(ServerLocation location) {
		URI name = location.name();
		return (client) -> {
			if (name != null && "https".equalsIgnoreCase(name.getScheme())) {
				Settings settings = settings(client, name.getHost());
				client.sslContext(new NamedSslContext(settings.context(), name.getHost(), ServerLocation.port(name)))
					.sslParameters(settings.parameters());
			}
		};
	}

	private Settings settings(HttpClient.Builder builder, String host) {
		Settings settings = this.settings;
		if (settings == null) {
			HttpClient client = builder.build();
			try {
				SSLParameters parameters = client.sslParameters();
				parameters.setServerNames(List.of(new SNIHostName(host)));
				settings = new Settings(client.sslContext(), parameters);
				this.settings = settings;
			}
			finally {
				JdkSetup.close(client);
			}
		}
		return settings;
	}

}
