package dev.servicepool.spring;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A key store with a key of its own, made for a test. Who takes it for a trust store
 * trusts its key's certificate.
 */
public final class TestKeyStore {

	/** The password of the store and of its key. */
	public static final String PASSWORD = "changeit";

	private final Path file;

	private TestKeyStore(Path file) {
		this.file = file;
	}

	/** Return the key store of a server at this machine's address, made once. */
	public static TestKeyStore loopback() {
		return Loopback.STORE;
	}

	/**
	 * Make a key store.
	 * @param file where there is none yet
	 * @param names what the certificate is for, such as {@code IP:127.0.0.1}
	 */
	public static TestKeyStore create(Path file, String names) throws IOException, InterruptedException {
		String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
		Process process = new ProcessBuilder(List.of(keytool, "-genkeypair", "-alias", "test", "-keyalg", "EC",
				"-dname", "CN=" + file.getFileName(), "-ext", "SAN=" + names, "-validity", "2", "-storetype", "PKCS12",
				"-keystore", file.toString(), "-storepass", PASSWORD))
			.inheritIO()
			.start();
		if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
			throw new IllegalStateException("keytool made no key store");
		}
		return new TestKeyStore(file);
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
	 * Return a copy that trusts the certificate of another one as well.
	 * @param other the other one
	 * @param file where there is none yet
	 */
	public TestKeyStore trusting(TestKeyStore other, Path file) throws IOException {
		try (OutputStream output = Files.newOutputStream(file)) {
			KeyStore store = load();
			store.setCertificateEntry("other", other.load().getCertificate("test"));
			store.store(output, PASSWORD.toCharArray());
			return new TestKeyStore(file);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private KeyStore load() throws IOException, GeneralSecurityException {
		return KeyStore.getInstance(this.file.toFile(), PASSWORD.toCharArray());
	}

	/** Return the context of a server that has the key. */
	public SSLContext serverContext() throws IOException {
		try {
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(load(), PASSWORD.toCharArray());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys.getKeyManagers(), null, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Making a key takes about as long as a test.
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
