package dev.servicepool.spring.measured;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import dev.servicepool.fixtures.TestKeyStore;

/**
 * Default trust of this JVM, restricted to the certificate of a test server. Clients
 * trust the server without configuration.
 */
final class DefaultTrust implements AutoCloseable {

	private final SSLContext before;

	DefaultTrust(Path trustStore) throws IOException, GeneralSecurityException {
		this.before = SSLContext.getDefault();
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(trustStore)) {
			store.load(in, TestKeyStore.PASSWORD.toCharArray());
		}
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(store);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		SSLContext.setDefault(context);
	}

	@Override
	public void close() {
		SSLContext.setDefault(this.before);
	}

}
