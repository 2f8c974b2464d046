package dev.servicepool.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Key store with a new key, created for a test. A client that uses it as a trust store
 * trusts the certificate of the key.
 */
public final class TestKeyStore {

	/** The password of the store and of its key. */
	public static final String PASSWORD = "changeit";

	private static final String ALIAS = "test";

	private final Path file;

	private TestKeyStore(Path file) {
		this.file = file;
	}

	/** Return the key store of a server on this machine, which is created once. */
	public static TestKeyStore loopback() {
		return Loopback.STORE;
	}

	/**
	 * Create a key store.
	 * @param file the file of the key store, which must not exist
	 * @param names the subject alternative names, such as {@code IP:127.0.0.1}
	 * @return the key store
	 * @throws IOException if writing the file fails
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static TestKeyStore create(Path file, String names) throws IOException, InterruptedException {
		TestKeyStore store = new TestKeyStore(file);
		store.keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + file.getFileName(), "-ext", "SAN=" + names,
				"-ext", "bc:c", "-validity", "2", "-storetype", "PKCS12");
		return store;
	}

	/**
	 * Create a key store whose certificate has expired and is signed with the key of this
	 * key store.
	 * @param file the file of the key store, which must not exist
	 * @param names the subject alternative names
	 * @return the key store
	 * @throws IOException if writing the file fails
	 * @throws InterruptedException if the thread is interrupted
	 */
	public TestKeyStore issueExpired(Path file, String names) throws IOException, InterruptedException {
		TestKeyStore issued = create(file, names);
		Path request = file.resolveSibling(file.getFileName() + ".request");
		Path certificate = file.resolveSibling(file.getFileName() + ".certificate");
		issued.keytool("-certreq", "-file", request.toString());
		keytool("-gencert", "-infile", request.toString(), "-outfile", certificate.toString(), "-ext", "SAN=" + names,
				"-startdate", "-10d", "-validity", "1");
		issued.certify(certificate, this);
		return issued;
	}

	private void keytool(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
		command.addAll(List.of(arguments));
		command.addAll(List.of("-alias", ALIAS, "-keystore", this.file.toString(), "-storepass", PASSWORD));
		Process process = new ProcessBuilder(command).inheritIO().start();
		if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
			throw new IllegalStateException("keytool failed: " + command);
		}
	}

	private void certify(Path certificate, TestKeyStore issuer) throws IOException {
		try (InputStream input = Files.newInputStream(certificate)) {
			Certificate own = CertificateFactory.getInstance("X.509").generateCertificate(input);
			KeyStore store = load();
			store.setKeyEntry(ALIAS, store.getKey(ALIAS, PASSWORD.toCharArray()), PASSWORD.toCharArray(),
					new Certificate[] { own, issuer.load().getCertificate(ALIAS) });
			save(store, this.file);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void save(KeyStore store, Path file) throws IOException, GeneralSecurityException {
		try (OutputStream output = Files.newOutputStream(file)) {
			store.store(output, PASSWORD.toCharArray());
		}
	}

	public Path file() {
		return this.file;
	}

	/**
	 * Return the properties of an SSL bundle that trusts the certificate.
	 * @param name the name of the bundle
	 */
	public String[] trustedBy(String name) {
		String store = "spring.ssl.bundle.jks." + name + ".truststore.";
		return new String[] { store + "location=file:" + this.file, store + "password=" + PASSWORD,
				store + "type=PKCS12" };
	}

	/**
	 * Return the properties of an SSL bundle that trusts the certificate and uses the key
	 * for the client.
	 * @param name the name of the bundle
	 */
	public String[] usedBy(String name) {
		String store = "spring.ssl.bundle.jks." + name + ".keystore.";
		return Stream
			.concat(Stream.of(trustedBy(name)),
					Stream.of(store + "location=file:" + this.file, store + "password=" + PASSWORD,
							store + "type=PKCS12"))
			.toArray(String[]::new);
	}

	/**
	 * Return a copy that also trusts the certificate of another key store.
	 * @param other the other key store
	 * @param file the file of the copy, which must not exist
	 * @return the copy
	 * @throws IOException if writing the file fails
	 */
	public TestKeyStore trusting(TestKeyStore other, Path file) throws IOException {
		try {
			KeyStore store = load();
			store.setCertificateEntry("other", other.load().getCertificate(ALIAS));
			save(store, file);
			return new TestKeyStore(file);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private KeyStore load() throws IOException, GeneralSecurityException {
		return KeyStore.getInstance(this.file.toFile(), PASSWORD.toCharArray());
	}

	/** Return the SSL context of a server with this key, which it also trusts. */
	public SSLContext serverContext() throws IOException {
		try {
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(load(), PASSWORD.toCharArray());
			SSLContext context = SSLContext.getInstance("TLS");
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(load());
			context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Key store that all tests share, because creating a key takes about as long as a
	 * test.
	 */
	private static final class Loopback {

		private static final TestKeyStore STORE = create();

		private static TestKeyStore create() {
			try {
				Path folder = Files.createTempDirectory("loopback");
				TestKeyStore store = TestKeyStore.create(folder.resolve("server.p12"), "IP:127.0.0.1,DNS:localhost");
				folder.toFile().deleteOnExit();
				store.file().toFile().deleteOnExit();
				return store;
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
