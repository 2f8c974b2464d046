package dev.servicepool.spring.http.client;

import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;

/**
 * Sets the HTTP version of a JDK client, and prevents an SSL bundle from lowering it. The
 * client offers HTTP/2 over TLS only if its parameters name a protocol that HTTP/2
 * allows. The parameters of a bundle name protocols only if the bundle configures them.
 * Otherwise, this class names the protocols of the bundle's SSL context.
 */
final class JdkHttpVersion implements Consumer<HttpClient.Builder> {

	/** TLS protocols that HTTP/2 allows. */
	private static final Set<String> ALLOWED = Set.of("TLSv1.2", "TLSv1.3");

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
		if (this.sslBundle != null && this.sslBundle.getOptions().getEnabledProtocols() == null) {
			String[] protocols = Arrays
				.stream(this.sslBundle.createSslContext().getDefaultSSLParameters().getProtocols())
				.filter(ALLOWED::contains)
				.toArray(String[]::new);
			if (protocols.length > 0) {
				client.sslParameters(new SSLParameters(this.sslBundle.getOptions().getCiphers(), protocols));
			}
		}
	}

}
