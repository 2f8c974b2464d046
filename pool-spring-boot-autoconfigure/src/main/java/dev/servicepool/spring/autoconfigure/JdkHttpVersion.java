package dev.servicepool.spring.autoconfigure;

import java.net.http.HttpClient;
import java.util.function.Consumer;

import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Sets the HTTP version of a JDK client, and keeps an SSL bundle from lowering it: the
 * client offers HTTP/2 over TLS only if its parameters name a protocol that HTTP/2
 * allows, which those of a bundle do not unless the bundle does.
 */
final class JdkHttpVersion implements Consumer<HttpClient.Builder> {

	/** What the JDK has enabled by default and HTTP/2 allows. */
	private static final String[] PROTOCOLS = { "TLSv1.3", "TLSv1.2" };

	private final @Nullable HttpVersion version;

	private final @Nullable SslBundle sslBundle;

	JdkHttpVersion(@Nullable HttpVersion version, @Nullable SslBundle sslBundle) {
		this.version = version;
		this.sslBundle = sslBundle;
	}

	@Override
	public void accept(HttpClient.Builder client) {
		if (this.version != null) {
			client.version(
					(this.version == HttpVersion.HTTP_1_1) ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2);
		}
		if (this.sslBundle != null) {
			SslOptions options = this.sslBundle.getOptions();
			if (options.getEnabledProtocols() == null) {
				SSLParameters parameters = new SSLParameters(options.getCiphers());
				parameters.setProtocols(PROTOCOLS);
				client.sslParameters(parameters);
			}
		}
	}

}
