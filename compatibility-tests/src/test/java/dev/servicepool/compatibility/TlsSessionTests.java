package dev.servicepool.compatibility;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.X509TrustManager;

import dev.servicepool.fixtures.Server;
import dev.servicepool.fixtures.TestKeyStore;
import dev.servicepool.spring.autoconfigure.PoolAutoConfiguration;
import dev.servicepool.spring.autoconfigure.PoolRestClientAutoConfiguration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the TLS sessions of the services of one pool. A client that resumes a session
 * does not verify the certificate of the server again.
 */
@Tag("slow")
@Timeout(60)
class TlsSessionTests {

	private static final int SERVICES = 3;

	private final AtomicInteger verified = new AtomicInteger();

	@AutoClose
	private final Server server = Server.http1().tls(TestKeyStore.loopback()).start();

	@ParameterizedTest
	@ValueSource(strings = { "jdk", "jetty", "http-components" })
	void furtherServicesResumeSessionOfFirstOne(String library) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(PoolAutoConfiguration.class, PoolRestClientAutoConfiguration.class,
					RestClientAutoConfiguration.class, HttpClientAutoConfiguration.class,
					ImperativeHttpClientAutoConfiguration.class, SslAutoConfiguration.class))
			.withBean(SslBundleRegistrar.class, () -> (bundles) -> bundles.registerBundle("servers", bundle()))
			.withPropertyValues("spring.http.clients.imperative.factory=" + library,
					"spring.http.clients.ssl.bundle=servers", "pool.min-services=" + SERVICES,
					"pool.instances.orders.targets=" + this.server.secureUri())
			.run((context) -> {
				RestClient client = context.getBean(RestClient.Builder.class).build();
				await().until(() -> {
					client.get().uri(this.server.secureUri()).retrieve().toBodilessEntity();
					return this.server.log().connections() >= SERVICES;
				});
				assertThat(this.verified).hasValue(1);
			});
	}

	private SslBundle bundle() {
		return SslBundle.of(SslStoreBundle.NONE, SslBundleKey.NONE, SslOptions.NONE, SslBundle.DEFAULT_PROTOCOL,
				SslManagerBundle.from(new CountingTrust(this.verified)));
	}

	/**
	 * Trusts all servers, and counts the certificates.
	 *
	 * @param verified the number of certificates
	 */
	private record CountingTrust(AtomicInteger verified) implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
			throw new CertificateException("not a server");
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {
			this.verified.incrementAndGet();
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
